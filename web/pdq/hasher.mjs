/**
 * Hashes pictures from a page, each in the worker that reads it.
 *
 * Make one when the page loads: hashing then works with the network cut. For HEIC, in browsers that
 * do not decode it, something must be fetched first: see heic-hasher.mjs.
 */

import { HashingWorker } from "./hashing-worker.mjs";
import { HeicHasher } from "./heic-hasher.mjs";
import { PictureError } from "./picture-error.mjs";

export { PictureError };

/** @typedef {import("./pdq.mjs").HashedPicture} HashedPicture */

/** Longest that one picture may take. A phone needs a few seconds for its largest pictures. */
const LIMIT_MS = 60_000;

/**
 * Hashes one picture at a time; more are waited for in order.
 */
export class PictureHasher {
  #worker;
  #heic;
  #isClosed = false;
  #waiting = 0;
  /** @type {Promise<unknown>} Settles when the last picture asked for is done. */
  #queue = Promise.resolve();

  /**
   * @param {string | URL} [workerUrl] - where worker.mjs is served
   * @param {{limitMs?: number}} [options] - longest time for one picture
   */
  constructor(workerUrl = new URL("./worker.mjs", import.meta.url), { limitMs = LIMIT_MS } = {}) {
    this.#worker = new HashingWorker(workerUrl, { limitMs, absent: "blocked" });
    this.#heic = new HeicHasher({ limitMs });
    void this.#worker.start();
  }

  /**
   * @param {Blob} file
   * @param {{onProgress?: (progress: number) => void}} [options] - called with 0 to 1
   * @returns {Promise<HashedPicture>} rejects with a PictureError
   */
  hash(file, { onProgress = () => {} } = {}) {
    this.#waiting += 1;
    const result = this.#queue.then(() => this.#run(file, onProgress));
    this.#queue = result.catch(() => {}).then(() => this.#finish());
    return result;
  }

  /**
   * Stop: the picture at hand and those that wait fail as unreadable.
   */
  close() {
    this.#isClosed = true;
    this.#worker.close();
    this.#heic.close();
  }

  /**
   * @param {Blob} file
   * @param {(progress: number) => void} onProgress
   * @returns {Promise<HashedPicture>}
   */
  async #run(file, onProgress) {
    if (this.#isClosed) throw new PictureError("unreadable");
    return (await this.#worker.hash({ file }, onProgress)) ?? this.#heic.hash(file, onProgress);
  }

  #finish() {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#heic.rest();
  }
}
