/**
 * Hashes HEIC files where the browser does not decode them: the page's side of heic-worker.mjs.
 *
 * What that takes, half a megabyte as it is sent, is fetched with the first such file and kept, so
 * that the next ones need no network. Nothing is fetched before.
 */

import { HashingWorker } from "./hashing-worker.mjs";
import { PictureError } from "./picture-error.mjs";

/** @typedef {import("./pdq.mjs").HashedPicture} HashedPicture */

const WORKER_URL = new URL("./heic-worker.mjs", import.meta.url);
const WASM_URL = new URL("../vendor/libheif.wasm", import.meta.url);

/** Longest that fetching the library may take: with a weak signal, a minute. */
const FETCH_LIMIT_MS = 90_000;

const ABSENT = "heic-not-loaded";

export class HeicHasher {
  #worker;
  /** @type {ArrayBuffer | null} The library, once it is here. */
  #wasm = null;
  #wasUsed = false;

  /**
   * @param {{limitMs: number}} options - longest time for one picture
   */
  constructor({ limitMs }) {
    this.#worker = new HashingWorker(WORKER_URL, { limitMs, absent: ABSENT });
  }

  /**
   * @param {Blob} file
   * @param {(progress: number) => void} onProgress - called with 0 to 1
   * @returns {Promise<HashedPicture>} rejects with a PictureError
   */
  async hash(file, onProgress) {
    void this.#worker.start();
    this.#wasm ??= await fetchLibrary();
    this.#wasUsed = true;
    const picture = await this.#worker.hash({ file, wasm: this.#wasm }, onProgress);
    if (picture === null) throw new PictureError("unreadable");
    return picture;
  }

  /**
   * Nothing waits any more: free the memory that the library took. WebAssembly never gives back
   * what it has, only its worker's end does.
   */
  rest() {
    if (!this.#wasUsed) return;
    this.#wasUsed = false;
    void this.#worker.renew();
  }

  close() {
    this.#worker.close();
  }
}

/**
 * The page fetches it, not the worker: what sees a picture has no connection.
 *
 * @returns {Promise<ArrayBuffer>}
 * @throws {PictureError} heic-not-loaded
 */
async function fetchLibrary() {
  try {
    const options = { credentials: "omit", signal: AbortSignal.timeout(FETCH_LIMIT_MS) };
    const response = await fetch(WASM_URL, /** @type {RequestInit} */ (options));
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return await response.arrayBuffer();
  } catch {
    throw new PictureError(ABSENT);
  }
}
