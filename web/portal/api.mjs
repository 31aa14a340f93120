/**
 * The requests that this site makes for a person, and nothing more.
 *
 * Contract: bodies are JSON, addresses never carry anything, no cookie goes along.
 */

import { slotsOf } from "./answer.mjs";

/**
 * @typedef {object} Protection
 * @property {string} token_digest - 64 hexadecimal digits
 * @property {"pdq" | "vpdq" | "video_md5"} signal_type
 * @property {string} hash - 64 hexadecimal digits; of a video the 32 of the MD5 of its file
 * @property {number} [quality] - of a picture, 50 to 100
 * @property {string} [frames] - of a video whose frames could be read
 * @property {string} note - sealed
 */

/** @typedef {import("./answer.mjs").PlatformState} PlatformState */
/** @typedef {import("./answer.mjs").Slot} Slot */

/** @typedef {1 | 2 | 5} Years */

/** In characters of a request that protects, before it is filled up. */
const BATCH_LENGTH = 256 * 1024;
const SHORTEST_LENGTH = 16 * 1024;

/** Longest to wait for an answer; a slow phone network needs some seconds. */
const LIMIT_MS = 30_000;
/** From here on a person is told that it takes longer than usual. */
const SLOW_MS = 8_000;

/**
 * @param {() => void} act - called when it takes longer than usual
 * @returns {() => void} to be called when it is done
 */
export function whenSlow(act) {
  const timer = setTimeout(act, SLOW_MS);
  return () => clearTimeout(timer);
}

/**
 * A request that did not succeed.
 *
 * - `no_connection`: no answer; nothing is known of what happened
 * - `busy`: the server asks to try again later
 * - `refused`: the server does not take the request; again the same would not help
 */
export class RequestError extends Error {
  /**
   * @param {"no_connection" | "busy" | "refused"} reason
   */
  constructor(reason) {
    super(`The request did not succeed: ${reason}.`);
    this.name = "RequestError";
    /** @readonly */
    this.reason = reason;
  }
}

/**
 * Send hashes, in as many requests as it takes. The same again is safe, also after some arrived.
 *
 * @param {Protection[]} protections - 1 to 128, in random order
 * @param {Years} years - how long they last
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function protect(protections, years) {
  for (const some of batches(protections)) await post("/case/protect", padded({ protections: some, years }));
}

/**
 * Divide what is to be sent: one request has to pass a slow line within the time that it has.
 *
 * @param {Protection[]} protections
 * @returns {Protection[][]} in the same order; each up to `BATCH_LENGTH` as text, or of one alone
 */
export function batches(protections) {
  /** @type {Protection[][]} */
  const made = [];
  let length = Infinity;
  for (const each of protections) {
    const own = JSON.stringify(each).length;
    if (length + own > BATCH_LENGTH) {
      made.push([]);
      length = 0;
    }
    made[made.length - 1].push(each);
    length += own;
  }
  return made;
}

/**
 * Fill a request up to one of a few lengths: who watches the line learns little of how many
 * pictures there are, or how long a video is.
 *
 * @param {object} body
 * @returns {object} whose text has 16 KiB, or twice that, or twice that, and so on
 */
export function padded(body) {
  const bare = JSON.stringify({ ...body, padding: "" }).length;
  let length = SHORTEST_LENGTH;
  while (length < bare) length *= 2;
  return { ...body, padding: "0".repeat(length - bare) };
}

/**
 * @param {string[]} tokens - exactly 128, in random order
 * @returns {Promise<Slot[]>} in the order of *tokens*
 * @throws {RequestError}
 */
export async function read(tokens) {
  const answer = await post("/case/read", { tokens });
  if (!Array.isArray(answer.slots) || answer.slots.length !== tokens.length) {
    throw new RequestError("refused");
  }
  return slotsOf(answer);
}

/**
 * @param {string[]} tokens - exactly 128, dummies among them, in random order
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function withdraw(tokens) {
  await post("/case/withdraw", { tokens });
}

/**
 * Let what some tokens open last so many years from today; nothing ends sooner for it.
 *
 * @param {string[]} tokens - exactly 128, dummies among them, in random order
 * @param {Years} years
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function renew(tokens, years) {
  await post("/case/renew", { tokens, years });
}

/**
 * Replace the notes of what some tokens open.
 *
 * @param {string[]} tokens - exactly 128, dummies among them, in random order
 * @param {string[]} notes - sealed, in the order of *tokens*; of random look beside dummies
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function label(tokens, notes) {
  await post("/case/label", { tokens, notes });
}

/**
 * Be told by e-mail of what some tokens open, or of nothing of it any more.
 *
 * @param {string[]} tokens - exactly 128, dummies among them, in random order
 * @param {object} wish
 * @param {string | null} wish.address - null for no e-mails
 * @param {import("./answer.mjs").Rhythm} wish.rhythm
 * @param {string} wish.language - of the e-mails
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function news(tokens, wish) {
  await post("/case/news", padded({ tokens, ...wish }));
}

/**
 * @param {string} address
 * @param {object} body
 * @returns {Promise<any>} what the server answered
 * @throws {RequestError}
 */
async function post(address, body) {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    if (response.ok) return await response.json();
  } catch {
    throw new RequestError("no_connection");
  }
  const isTemporary = response.status >= 500 || response.status === 429;
  throw new RequestError(isTemporary ? "busy" : "refused");
}
