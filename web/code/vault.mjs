/**
 * Holds the tokens of a code while a page needs them: in memory only, and wiped on close.
 */

import { toHex } from "./bits.mjs";
import { KEY_BYTES, KeysError, SLOTS } from "./keys.mjs";

export { KeysError, SLOTS };

/** @typedef {import("./worker.mjs").VaultReply} VaultReply */

/** Longest that fetching the code of the worker may take. */
const LOAD_LIMIT_MS = 15_000;
/** Longest that making the keys may take: a slow phone needs some ten seconds. */
const LIMIT_MS = 120_000;

const WORKER_URL = new URL("./worker.mjs", import.meta.url);

/** @type {KeyWorker | null} Started ahead and not used yet. */
let prepared = null;

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
   * Fetch the code of the worker now, so that the next vault opens also when the network is gone.
   *
   * @param {string | URL} [workerUrl] - where worker.mjs is served
   */
  static prepare(workerUrl = WORKER_URL) {
    prepared ??= new KeyWorker(workerUrl);
  }

  /**
   * Derive the tokens of a secret. Takes a second or more.
   *
   * @param {Uint8Array} secret - 10 bytes; copied, so the caller may overwrite it
   * @param {string | URL} [workerUrl] - where worker.mjs is served
   * @returns {Promise<Vault>}
   * @throws {KeysError} insecure, unreachable or failed
   */
  static async open(secret, workerUrl = WORKER_URL) {
    if (globalThis.crypto?.subtle === undefined) throw new KeysError("insecure");
    const copy = secret.slice();
    const ahead = prepared;
    prepared = null;
    // What could not be fetched when the page opened is tried once more.
    const worker = (await ahead?.isReady) ? /** @type {KeyWorker} */ (ahead) : new KeyWorker(workerUrl);
    try {
      if (!(await worker.isReady)) throw new KeysError("unreachable");
      const reply = await worker.answer(copy);
      if ("code" in reply) throw new KeysError(reply.code);
      return new Vault(reply.tokens, reply.digests);
    } finally {
      copy.fill(0);
      worker.end();
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
 * A worker that makes the keys of one secret, and is ended then.
 */
class KeyWorker {
  #worker;
  /** @type {Promise<boolean>} Whether its code has come; settles after `LOAD_LIMIT_MS` at last. */
  isReady;

  /**
   * @param {string | URL} url
   */
  constructor(url) {
    const worker = new Worker(url, { type: "module" });
    this.#worker = worker;
    this.isReady = new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), LOAD_LIMIT_MS);
      const settle = (/** @type {boolean} */ isReady) => {
        clearTimeout(timer);
        resolve(isReady);
      };
      worker.addEventListener("message", () => settle(true), { once: true });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        settle(false);
      });
    });
    void this.isReady.then((isReady) => {
      if (!isReady) this.end();
    });
  }

  /**
   * @param {Uint8Array} secret
   * @returns {Promise<VaultReply>}
   */
  answer(secret) {
    return new Promise((resolve) => {
      const fail = () => resolve({ code: "failed" });
      const timer = setTimeout(fail, LIMIT_MS);
      this.#worker.addEventListener("error", () => {
        clearTimeout(timer);
        fail();
      });
      this.#worker.addEventListener("message", (/** @type {MessageEvent<VaultReply>} */ event) => {
        clearTimeout(timer);
        resolve(event.data);
      });
      this.#worker.postMessage({ secret });
    });
  }

  end() {
    this.#worker.terminate();
  }
}
