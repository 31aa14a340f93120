/**
 * The three requests that this site makes for a person, and nothing more.
 *
 * Contract: bodies are JSON, addresses never carry anything, no cookie goes along.
 */

/**
 * @typedef {object} Protection
 * @property {string} token_digest - 64 hexadecimal digits
 * @property {"pdq"} signal_type
 * @property {string} hash - 64 hexadecimal digits
 * @property {number} quality - 50 to 100
 */

/**
 * @typedef {object} PlatformState
 * @property {string} name
 * @property {string | null} listed_on - the day the platform fetched the hash
 * @property {"pending_review" | "blocked" | "not_blocked" | null} finding
 * @property {string | null} found_on
 * @property {string | null} stopped_on - when it last stopped a copy, whatever it found since
 * @property {string | null} withdrawal_confirmed_on
 * @property {boolean} concerned - false when it joined after the protection had ended
 */

/**
 * @typedef {object} Slot
 * @property {"empty" | "received" | "listed" | "withdrawn" | "expired"} state
 * @property {string | null} protected_on
 * @property {string | null} ends_on
 * @property {string | null} withdrawn_on
 * @property {PlatformState[]} platforms
 */

/** Longest to wait for an answer; a slow phone network needs some seconds. */
const LIMIT_MS = 30_000;
/** From here on a person is told that it takes longer than usual. */
const SLOW_MS = 8_000;

/**
 * @returns {AbortSignal} ends what takes too long
 */
export function timeLimit() {
  return AbortSignal.timeout(LIMIT_MS);
}

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
 * Send hashes. The same body again is safe.
 *
 * @param {Protection[]} protections - 1 to 32, in random order
 * @param {AbortSignal} limit - of all the work that sending takes
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function protect(protections, limit) {
  await post("/case/protect", { protections }, limit);
}

/**
 * @param {string[]} tokens - exactly 32, in random order
 * @returns {Promise<Slot[]>} in the order of *tokens*
 * @throws {RequestError}
 */
export async function read(tokens) {
  const answer = await post("/case/read", { tokens });
  if (!Array.isArray(answer.slots) || answer.slots.length !== tokens.length) {
    throw new RequestError("refused");
  }
  return answer.slots;
}

/**
 * @param {string[]} tokens - exactly 32, dummies among them, in random order
 * @returns {Promise<void>}
 * @throws {RequestError}
 */
export async function withdraw(tokens) {
  await post("/case/withdraw", { tokens });
}

/**
 * @param {string} address
 * @param {object} body
 * @param {AbortSignal} [limit]
 * @returns {Promise<any>} what the server answered
 * @throws {RequestError}
 */
async function post(address, body, limit = timeLimit()) {
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
      signal: limit,
    });
    if (response.ok) return await response.json();
  } catch {
    throw new RequestError("no_connection");
  }
  const isTemporary = response.status >= 500 || response.status === 429;
  throw new RequestError(isTemporary ? "busy" : "refused");
}
