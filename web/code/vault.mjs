/**
 * Holds the tokens of a code while a page needs them: in memory only, and wiped on close.
 */

import { KEY_BYTES, KeysError, SLOTS } from "./keys.mjs";

export { KeysError, SLOTS };

/** @typedef {import("./worker.mjs").VaultReply} VaultReply */

/** Longest that making the keys may take: a slow phone needs some ten seconds. */
const LIMIT_MS = 120_000;

/**
 * The 32 tokens of one code. Made by `Vault.open`.
 */
export class Vault {
  /** @type {Uint8Array} [32 × 32] bytes */
  #tokens;
  /** @type {Uint8Array} [32 × 32] bytes */
  #digests;
  #isClosed = false;

  /**
   * @param {Uint8Array} tokens - [32 × 32] bytes; kept, and overwritten on close
   * @param {Uint8Array} digests - [32 × 32] bytes; the same
   */
  constructor(tokens, digests) {
    this.#tokens = tokens;
    this.#digests = digests;
  }

  /**
   * Derive the tokens of a secret. Takes a second or more.
   *
   * @param {Uint8Array} secret - 10 bytes; copied, so the caller may overwrite it
   * @param {string | URL} [workerUrl] - where worker.mjs is served
   * @returns {Promise<Vault>}
   * @throws {KeysError} insecure or failed
   */
  static async open(secret, workerUrl = new URL("./worker.mjs", import.meta.url)) {
    if (globalThis.crypto?.subtle === undefined) throw new KeysError("insecure");
    const worker = new Worker(workerUrl, { type: "module" });
    try {
      const reply = await answer(worker, secret);
      if ("code" in reply) throw new KeysError(reply.code);
      return new Vault(reply.tokens, reply.digests);
    } finally {
      worker.terminate();
    }
  }

  /**
   * What reads and withdraws each protection. Send these only to the node that holds them.
   *
   * @returns {string[]} 32 × 64 lower-case hexadecimal digits, in the order of the slots
   * @throws {KeysError} closed
   */
  tokens() {
    return this.#texts(this.#tokens);
  }

  /**
   * What a new protection is sent with.
   *
   * @returns {string[]} 32 × 64 lower-case hexadecimal digits, in the order of the slots
   * @throws {KeysError} closed
   */
  digests() {
    return this.#texts(this.#digests);
  }

  /**
   * Overwrite what is held. Texts that were given out stay until the browser clears them.
   */
  close() {
    this.#tokens.fill(0);
    this.#digests.fill(0);
    this.#isClosed = true;
  }

  /**
   * @param {Uint8Array} bytes - [32 × 32]
   * @returns {string[]}
   */
  #texts(bytes) {
    if (this.#isClosed) throw new KeysError("closed");
    return Array.from({ length: SLOTS }, (_, slot) =>
      toHex(bytes.subarray(slot * KEY_BYTES, (slot + 1) * KEY_BYTES)),
    );
  }
}

/**
 * @param {Worker} worker
 * @param {Uint8Array} secret
 * @returns {Promise<VaultReply>}
 */
function answer(worker, secret) {
  return new Promise((resolve) => {
    const fail = () => resolve({ code: "failed" });
    const timer = setTimeout(fail, LIMIT_MS);
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      clearTimeout(timer);
      fail();
    });
    worker.addEventListener("message", (/** @type {MessageEvent<VaultReply>} */ event) => {
      clearTimeout(timer);
      resolve(event.data);
    });
    worker.postMessage({ secret });
  });
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} lower-case hexadecimal digits
 */
function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
