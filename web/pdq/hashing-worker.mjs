/**
 * The page's side of a worker that hashes files, one at a time. One that takes too long is ended.
 */

import { PictureError } from "./picture-error.mjs";

/** @typedef {import("./pdq.mjs").HashedPicture} HashedPicture */
/** @typedef {import("./worker.mjs").HashReply} HashReply */
/** @typedef {import("./picture-error.mjs").PictureReason} PictureReason */

/** Longest that fetching the code of a worker may take. */
const LOAD_LIMIT_MS = 60_000;

/**
 * The file that the worker is busy with.
 *
 * @typedef {object} Task
 * @property {number} id
 * @property {(picture: HashedPicture | null) => void} resolve
 * @property {(error: PictureError) => void} reject
 * @property {(progress: number) => void} onProgress
 */

export class HashingWorker {
  #url;
  #limitMs;
  /** @type {PictureReason} */
  #absent;
  /** @type {StartedWorker | null} */
  #started = null;
  #isClosed = false;
  /** Whether a file is here, or waits for the worker's code. */
  #isAsked = false;
  /** @type {Task | null} */
  #task = null;
  #lastId = 0;

  /**
   * @param {string | URL} url
   * @param {{limitMs: number, absent: PictureReason}} options - longest time for one file; what is
   *   told when the worker's code cannot be fetched
   */
  constructor(url, { limitMs, absent }) {
    this.#url = url;
    this.#limitMs = limitMs;
    this.#absent = absent;
  }

  /**
   * Fetch its code, when that has not begun yet.
   *
   * @returns {Promise<boolean>} whether it came
   */
  start() {
    if (this.#isClosed) return Promise.resolve(false);
    this.#started ??= this.#newWorker();
    return this.#started.isReady;
  }

  /**
   * @param {object} message - what the worker needs besides an id
   * @param {(progress: number) => void} onProgress
   * @returns {Promise<HashedPicture | null>} null for a file that is another worker's; rejects
   *   with a PictureError
   */
  async hash(message, onProgress) {
    this.#isAsked = true;
    try {
      return await this.#hash(message, onProgress);
    } finally {
      this.#isAsked = false;
    }
  }

  /**
   * @param {object} message
   * @param {(progress: number) => void} onProgress
   * @returns {Promise<HashedPicture | null>}
   */
  async #hash(message, onProgress) {
    if (!(await this.start())) {
      throw new PictureError(this.#isClosed ? "unreadable" : this.#absent);
    }
    const id = ++this.#lastId;
    const timer = setTimeout(() => this.#replace(), this.#limitMs);
    try {
      return await new Promise((resolve, reject) => {
        this.#task = { id, resolve, reject, onProgress };
        this.#started?.worker.postMessage({ ...message, id });
      });
    } finally {
      clearTimeout(timer);
      this.#task = null;
    }
  }

  /**
   * Free the memory that it holds: another one takes its place, once that is there. Without a
   * network it stays, so that it can be used on.
   */
  async renew() {
    const old = this.#started;
    if (old === null || this.#isClosed) return;
    const next = this.#newWorker();
    const isReady = await next.isReady;
    // Meanwhile it may have been asked for, ended or replaced.
    if (!isReady || this.#isClosed || this.#started !== old || this.#isAsked) {
      next.end();
      return;
    }
    old.end();
    this.#started = next;
  }

  /**
   * Stop: the file at hand fails as unreadable.
   */
  close() {
    this.#isClosed = true;
    this.#end();
  }

  /**
   * End the worker with the file that it is busy with, and start another at once, while the
   * network is likely still there.
   */
  #replace() {
    this.#end();
    void this.start();
  }

  #end() {
    this.#started?.end();
    this.#started = null;
    this.#task?.reject(new PictureError("unreadable"));
  }

  /**
   * @returns {StartedWorker}
   */
  #newWorker() {
    const started = new StartedWorker(this.#url, {
      onReply: (reply) => {
        if (started === this.#started) this.#take(reply);
      },
      onBreak: () => {
        if (started === this.#started) this.#replace();
      },
    });
    void started.isReady.then((isReady) => {
      if (isReady) return;
      started.end();
      // The next file tries again: the network may be back.
      if (started === this.#started) this.#started = null;
    });
    return started;
  }

  /**
   * @param {Exclude<HashReply, {ready: true}>} reply
   */
  #take(reply) {
    const task = this.#task;
    if (task === null || reply.id !== task.id) return;
    if ("progress" in reply) task.onProgress(reply.progress);
    else if ("reason" in reply) task.reject(new PictureError(reply.reason));
    else if ("isForeign" in reply) task.resolve(null);
    else task.resolve({ hash: reply.hash, quality: reply.quality });
  }
}

/**
 * A worker whose first message says that all its code is there.
 */
class StartedWorker {
  /** @readonly */
  worker;
  /**
   * Whether its code came; settles after `LOAD_LIMIT_MS` at last.
   *
   * @type {Promise<boolean>}
   * @readonly
   */
  isReady;
  /** @type {(isReady: boolean) => void} */
  #settle = () => {};

  /**
   * @param {string | URL} url
   * @param {object} options
   * @param {(reply: Exclude<HashReply, {ready: true}>) => void} options.onReply
   * @param {() => void} options.onBreak - it was ready, and an error ended it
   */
  constructor(url, { onReply, onBreak }) {
    this.worker = new Worker(url, { type: "module" });
    let wasReady = false;
    this.isReady = new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), LOAD_LIMIT_MS);
      this.#settle = (isReady) => {
        clearTimeout(timer);
        resolve(isReady);
      };
    });
    this.worker.addEventListener("message", (/** @type {MessageEvent<HashReply>} */ event) => {
      if ("ready" in event.data) {
        wasReady = true;
        this.#settle(true);
      } else {
        onReply(event.data);
      }
    });
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (wasReady) onBreak();
      else this.#settle(false);
    });
  }

  end() {
    this.worker.terminate();
    this.#settle(false);
  }
}
