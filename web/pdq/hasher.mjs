/**
 * Hashes pictures from a page: the page's side of worker.mjs.
 *
 * Make one when the page loads: the worker is then there, and hashing works with the network cut.
 */

import { PictureError } from "./picture-error.mjs";

export { PictureError };

/** @typedef {import("./pdq.mjs").HashedPicture} HashedPicture */
/** @typedef {import("./worker.mjs").HashReply} HashReply */

/** Longest that one picture may take. A phone needs a few seconds for its largest pictures. */
const LIMIT_MS = 60_000;

/**
 * The picture that the worker is busy with.
 *
 * @typedef {object} Task
 * @property {number} id
 * @property {(picture: HashedPicture) => void} resolve
 * @property {(error: PictureError) => void} reject
 * @property {(progress: number) => void} onProgress
 */

/**
 * Hashes one picture at a time; more are waited for in order.
 */
export class PictureHasher {
  #workerUrl;
  #limitMs;
  /** @type {Worker | null} */
  #worker = null;
  #isReady = false;
  #isClosed = false;
  /** @type {Task | null} */
  #task = null;
  #lastId = 0;
  /** @type {Promise<unknown>} Settles when the last picture asked for is done. */
  #queue = Promise.resolve();

  /**
   * @param {string | URL} [workerUrl] - where worker.mjs is served
   * @param {{limitMs?: number}} [options] - longest time for one picture
   */
  constructor(workerUrl = new URL("./worker.mjs", import.meta.url), { limitMs = LIMIT_MS } = {}) {
    this.#workerUrl = workerUrl;
    this.#limitMs = limitMs;
    this.#startWorker();
  }

  /**
   * @param {Blob} file
   * @param {{onProgress?: (progress: number) => void}} [options] - called with 0 to 1
   * @returns {Promise<HashedPicture>} rejects with a PictureError
   */
  hash(file, { onProgress = () => {} } = {}) {
    const result = this.#queue.then(() => this.#run(file, onProgress));
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Stop: the picture at hand and those that wait fail as unreadable.
   */
  close() {
    this.#isClosed = true;
    this.#replaceWorker("unreadable");
  }

  /**
   * @param {Blob} file
   * @param {(progress: number) => void} onProgress
   * @returns {Promise<HashedPicture>}
   */
  async #run(file, onProgress) {
    if (this.#isClosed) throw new PictureError("unreadable");
    const worker = this.#worker ?? this.#startWorker();
    const id = ++this.#lastId;
    const timer = setTimeout(() => this.#replaceWorker("unreadable"), this.#limitMs);
    try {
      return await new Promise((resolve, reject) => {
        this.#task = { id, resolve, reject, onProgress };
        worker.postMessage({ id, file });
      });
    } finally {
      clearTimeout(timer);
      this.#task = null;
    }
  }

  /**
   * @returns {Worker}
   */
  #startWorker() {
    const worker = new Worker(this.#workerUrl, { type: "module" });
    this.#worker = worker;
    this.#isReady = false;
    worker.addEventListener("message", (/** @type {MessageEvent<HashReply>} */ event) => {
      if (worker === this.#worker) this.#take(event.data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#replaceWorker(this.#isReady ? "unreadable" : "blocked");
    });
    return worker;
  }

  /**
   * End the worker, with the picture that it was busy with. The next picture gets a new worker.
   *
   * @param {import("./picture-error.mjs").PictureReason} reason
   */
  #replaceWorker(reason) {
    const wasReady = this.#isReady;
    this.#worker?.terminate();
    this.#worker = null;
    this.#task?.reject(new PictureError(reason));
    // At once, while the network is likely still there. One that never started would fail again.
    if (wasReady && !this.#isClosed) this.#startWorker();
  }

  /**
   * @param {HashReply} reply
   */
  #take(reply) {
    if ("ready" in reply) {
      this.#isReady = true;
      return;
    }
    const task = this.#task;
    if (task === null || reply.id !== task.id) return;
    if ("progress" in reply) task.onProgress(reply.progress);
    else if ("reason" in reply) task.reject(new PictureError(reply.reason));
    else task.resolve({ hash: reply.hash, quality: reply.quality });
  }
}
