/**
 * Holds the keys of a code while a page needs them: in memory only, and wiped on close.
 */

import { toHex } from "./bits.mjs";
import { CASE_FILES, KEY_BYTES, KeysError, SLOTS } from "./keys.mjs";
import { openNote, sealNote } from "./note.mjs";

export { CASE_FILES, KeysError, SLOTS };

/** @typedef {import("./worker.mjs").VaultKeys} VaultKeys */
/** @typedef {import("./worker.mjs").VaultReply} VaultReply */

/** Longest that fetching the code of the worker may take. */
const LOAD_LIMIT_MS = 15_000;
/** Longest that making the keys may take: a slow phone needs some ten seconds. */
const LIMIT_MS = 120_000;

const WORKER_URL = new URL("./worker.mjs", import.meta.url);

/** @type {KeyWorker | null} Started ahead and not used yet. */
let prepared = null;

/**
 * The tokens of one code, and the key of its notes. Made by `Vault.open`.
 */
export class Vault {
  /** @type {Uint8Array} [SLOTS × 32] bytes */
  #tokens;
  /** @type {Uint8Array} [SLOTS × 32] bytes */
  #digests;
  /** @type {CryptoKey | null} null once it is closed */
  #noteKey;

  /**
   * @param {VaultKeys} keys - kept; tokens and digests are overwritten on close
   */
  constructor({ tokens, digests, noteKey }) {
    this.#tokens = tokens;
    this.#digests = digests;
    this.#noteKey = noteKey;
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
      return new Vault(reply);
    } finally {
      copy.fill(0);
      worker.end();
    }
  }

  /**
   * What reads and withdraws each protection. Send these only to the node that holds them.
   *
   * @returns {string[]} SLOTS × 64 lower-case hexadecimal digits, in the order of the slots
   * @throws {KeysError} closed
   */
  tokens() {
    return this.#texts(this.#tokens);
  }

  /**
   * What a new protection is sent with.
   *
   * @returns {string[]} SLOTS × 64 lower-case hexadecimal digits, in the order of the slots
   * @throws {KeysError} closed
   */
  digests() {
    return this.#texts(this.#digests);
  }

  /**
   * Seal what she calls a picture, for the slot that it lies in.
   *
   * @param {number} slot
   * @param {string} text - at most 64 bytes of UTF-8; empty for none
   * @returns {Promise<string>} 124 characters; different ones each time
   * @throws {KeysError} closed
   * @throws {RangeError} when the text is too long
   */
  async sealNote(slot, text) {
    return sealNote(this.#openKey(), slot, text);
  }

  /**
   * @param {number} slot
   * @param {string | null} note - as the server gave it; null for a protection without
   * @returns {Promise<string | null>} what she called the picture, "" for nothing; null when the
   *   note was not made with this code for this slot
   * @throws {KeysError} closed
   */
  async openNote(slot, note) {
    const key = this.#openKey();
    return note === null ? "" : openNote(key, slot, note);
  }

  /**
   * Overwrite what is held. Texts that were given out stay until the browser clears them.
   */
  close() {
    this.#tokens.fill(0);
    this.#digests.fill(0);
    this.#noteKey = null;
  }

  /**
   * @param {Uint8Array} bytes - [SLOTS × 32]
   * @returns {string[]}
   */
  #texts(bytes) {
    this.#openKey();
    return Array.from({ length: SLOTS }, (_, slot) =>
      toHex(bytes.subarray(slot * KEY_BYTES, (slot + 1) * KEY_BYTES)),
    );
  }

  /**
   * @returns {CryptoKey}
   * @throws {KeysError} closed
   */
  #openKey() {
    if (this.#noteKey === null) throw new KeysError("closed");
    return this.#noteKey;
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
