/**
 * The page's side of a worker that reads files, one at a time. One that falls silent is ended.
 */

import { VideoError } from "./video-error.mjs";

/** @typedef {import("./video-error.mjs").VideoReason} VideoReason */

/** Longest that fetching the code of a worker may take. */
const LOAD_LIMIT_MS = 60_000;

/** How long a worker may take to stop when it is asked to. */
const STOP_LIMIT_MS = 1_000;

/** How often is looked whether a worker has said something. */
const TICK_MS = 500;

/**
 * @template Result
 * @typedef {object} Task
 * @property {number} id
 * @property {(result: Result) => void} resolve
 * @property {(error: VideoError) => void} reject
 * @property {(progress: number) => void} onProgress
 */

/**
 * @typedef {object} RunOptions
 * @property {(progress: number) => void} onProgress - called with 0 to 1
 * @property {AbortSignal} signal
 */

/**
 * @template Result
 */
export class FileWorker {
  #url;
  #silenceMs;
  #whenSilent;
  /** @type {Worker | null} */
  #worker = null;
  /** Whether the code of the worker came. */
  #isReady = Promise.resolve(false);
  /** @type {(isReady: boolean) => void} */
  #settleReady = () => {};
  #isClosed = false;
  /** @type {Task<Result> | null} */
  #task = null;
  #lastId = 0;
  /** Looks since the worker said something. */
  #silentTicks = 0;

  /**
   * @param {string | URL} url
   * @param {{silenceMs: number, whenSilent: VideoReason}} options - longest time without a word,
   *   and what is told then
   */
  constructor(url, { silenceMs, whenSilent }) {
    this.#url = url;
    this.#silenceMs = silenceMs;
    this.#whenSilent = whenSilent;
  }

  /**
   * Fetch its code, when that has not begun yet.
   *
   * @returns {Promise<boolean>} whether it came
   */
  prepare() {
    if (this.#worker === null && !this.#isClosed) this.#start();
    return this.#isReady;
  }

  /**
   * @param {Blob} file
   * @param {RunOptions} options
   * @returns {Promise<Result>}
   * @throws {VideoError}
   */
  async run(file, { onProgress, signal }) {
    if (!(await this.prepare())) {
      this.#end("blocked");
      throw new VideoError(this.#isClosed ? "cancelled" : "blocked");
    }
    if (signal.aborted) throw new VideoError("cancelled");
    const id = ++this.#lastId;
    const stop = () => this.#stop(id);
    // Ticks, not a clock: a phone that sleeps stops the worker and the ticks alike.
    const ticker = setInterval(() => this.#tick(), TICK_MS);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#task = { id, resolve, reject, onProgress };
        this.#silentTicks = 0;
        this.#worker?.postMessage({ id, file });
      });
    } finally {
      clearInterval(ticker);
      signal.removeEventListener("abort", stop);
      this.#task = null;
    }
  }

  /**
   * Stop: the file at hand fails as cancelled.
   */
  close() {
    this.#isClosed = true;
    this.#end("cancelled");
  }

  #start() {
    const worker = new Worker(this.#url, { type: "module" });
    this.#worker = worker;
    let wasReady = false;
    this.#isReady = new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), LOAD_LIMIT_MS);
      this.#settleReady = (isReady) => {
        clearTimeout(timer);
        resolve(isReady);
      };
    });
    worker.addEventListener("message", ({ data }) => {
      if (worker !== this.#worker) return;
      if ("ready" in data) {
        wasReady = true;
        this.#settleReady(true);
      } else {
        this.#take(data);
      }
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker !== this.#worker) return;
      if (wasReady) this.#replace(this.#whenSilent);
      else this.#settleReady(false);
    });
  }

  /**
   * @param {Exclude<import("./worker-side.mjs").FileReply<Result>, {ready: true}>} reply
   */
  #take(reply) {
    const task = this.#task;
    if (task === null || reply.id !== task.id) return;
    this.#silentTicks = 0;
    if ("progress" in reply) task.onProgress(reply.progress);
    else if ("reason" in reply) task.reject(new VideoError(reply.reason));
    else task.resolve(reply.result);
  }

  #tick() {
    this.#silentTicks++;
    if (this.#silentTicks * TICK_MS > this.#silenceMs) this.#replace(this.#whenSilent);
  }

  /**
   * Ask the worker to stop; end it when it does not. One that stops can be used on, also without a
   * network.
   *
   * @param {number} id
   */
  #stop(id) {
    this.#worker?.postMessage({ cancel: id });
    setTimeout(() => {
      if (this.#task?.id === id) this.#replace("cancelled");
    }, STOP_LIMIT_MS);
  }

  /**
   * End the worker with the file that it is busy with, and start another at once, while the
   * network is likely still there.
   *
   * @param {VideoReason} reason
   */
  #replace(reason) {
    this.#end(reason);
    void this.prepare();
  }

  /**
   * @param {VideoReason} reason
   */
  #end(reason) {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settleReady(false);
    this.#isReady = Promise.resolve(false);
    this.#task?.reject(new VideoError(reason));
  }
}
