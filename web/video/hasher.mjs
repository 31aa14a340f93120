/**
 * Hashes videos from a page: MD5 of the file, and the frames where the browser decodes them.
 *
 * What that takes, 200 KB as it is sent, is fetched with the first video and kept, so that the next
 * ones need no network; most people come with pictures. A page that wants the first video to work
 * with the network cut calls `prepare` when it loads. Nothing that is read leaves the device:
 * the workers have no connection, and this page's side sends nothing.
 */

import { FileWorker } from "./file-worker.mjs";
import { MAX_BYTES } from "./limits.mjs";
import { playFrames } from "./playing.mjs";
import { VideoError, asVideoError } from "./video-error.mjs";

export { VideoError };

/** @typedef {import("./frames.mjs").HashedFrames} HashedFrames */

/**
 * @typedef {object} HashedVideo
 * @property {string} md5 - 32 lower-case hexadecimal digits
 * @property {import("./reduction.mjs").VideoFrameHash[] | null} frames - null when there are none
 * @property {import("./video-error.mjs").Shortfall | null} reason - why there are no frames, or
 *   frames of a part only; null when all is well
 * @property {number | null} duration_ms - how long the part is that was looked at; null without
 *   frames
 */

/** Longest that a decoder may take from one frame to the next, and a disk from chunk to chunk. */
const SILENCE_MS = 60_000;

/** Part of the progress that is the frames'. */
const FRAMES_SHARE = 0.9;

/**
 * Hashes one video at a time; more are waited for in order.
 */
export class VideoHasher {
  #frames;
  #md5;
  #silenceMs;
  #isClosed = false;
  /** @type {Promise<unknown>} Settles when the last video asked for is done. */
  #queue = Promise.resolve();

  /**
   * @param {object} [options]
   * @param {string | URL} [options.workerUrl] - where worker.mjs is served
   * @param {string | URL} [options.md5WorkerUrl] - where md5-worker.mjs is served
   * @param {number} [options.silenceMs] - longest time without progress
   */
  constructor({
    workerUrl = new URL("./worker.mjs", import.meta.url),
    md5WorkerUrl = new URL("./md5-worker.mjs", import.meta.url),
    silenceMs = SILENCE_MS,
  } = {}) {
    this.#silenceMs = silenceMs;
    /** @type {FileWorker<HashedFrames>} */
    this.#frames = new FileWorker(workerUrl, { silenceMs, whenSilent: "too-slow" });
    /** @type {FileWorker<string>} */
    this.#md5 = new FileWorker(md5WorkerUrl, { silenceMs, whenSilent: "unreadable" });
  }

  /**
   * Fetch what hashing needs, so that it works with the network cut.
   *
   * @returns {Promise<boolean>} whether all of it came
   */
  async prepare() {
    const came = await Promise.all([this.#frames.prepare(), this.#md5.prepare()]);
    return came.every(Boolean);
  }

  /**
   * @param {Blob} file
   * @param {object} [options]
   * @param {(progress: number) => void} [options.onProgress] - called with 0 to 1
   * @param {AbortSignal} [options.signal] - stops it: rejects with `cancelled`
   * @returns {Promise<HashedVideo>} rejects with a VideoError whose reason is a Refusal
   */
  hash(file, { onProgress = () => {}, signal = new AbortController().signal } = {}) {
    const result = this.#queue.then(() => this.#run(file, onProgress, signal));
    this.#queue = result.catch(() => {});
    return result;
  }

  /**
   * Stop: the video at hand and those that wait fail as cancelled.
   */
  close() {
    this.#isClosed = true;
    this.#frames.close();
    this.#md5.close();
  }

  /**
   * @param {Blob} file
   * @param {(progress: number) => void} onProgress
   * @param {AbortSignal} signal
   * @returns {Promise<HashedVideo>}
   */
  async #run(file, onProgress, signal) {
    if (this.#isClosed || signal.aborted) throw new VideoError("cancelled");
    if (file.size === 0) throw new VideoError("empty");
    if (file.size > MAX_BYTES) throw new VideoError("too-large");
    const both = new AbortController();
    const cancel = () => both.abort();
    signal.addEventListener("abort", cancel, { once: true });
    const [frames, md5] = progressOfTwo(onProgress, FRAMES_SHARE);
    const tasks = [
      this.#readFrames(file, { onProgress: frames, signal: both.signal }),
      this.#md5.run(file, { onProgress: md5, signal: both.signal }),
    ];
    try {
      onProgress(0);
      const [hashed, digest] = /** @type {[HashedVideo, string]} */ (await Promise.all(tasks));
      onProgress(1);
      return { ...hashed, md5: digest };
    } catch (error) {
      both.abort();
      throw asVideoError(error, "unreadable");
    } finally {
      signal.removeEventListener("abort", cancel);
      // The workers are idle again before the next video comes.
      await Promise.allSettled(tasks);
    }
  }

  /**
   * @param {Blob} file
   * @param {import("./file-worker.mjs").RunOptions} options
   * @returns {Promise<Omit<HashedVideo, "md5">>}
   * @throws {VideoError} when the MD5 means nothing either
   */
  async #readFrames(file, options) {
    try {
      return await this.#decodeOrPlay(file, options);
    } catch (error) {
      const { reason, isRefusal } = asVideoError(error, "damaged");
      if (isRefusal) throw error;
      const told = /** @type {import("./video-error.mjs").Shortfall} */ (reason);
      return { frames: null, reason: told, duration_ms: null };
    }
  }

  /**
   * @param {Blob} file
   * @param {import("./file-worker.mjs").RunOptions} options
   * @returns {Promise<HashedFrames>}
   * @throws {VideoError}
   */
  async #decodeOrPlay(file, options) {
    try {
      return await this.#frames.run(file, options);
    } catch (error) {
      const { reason } = asVideoError(error, "damaged");
      // What plays videos may know codecs that pages are not given.
      if (reason !== "no-decoder" && reason !== "unknown-codec") throw error;
      return playFrames(file, { ...options, silenceMs: this.#silenceMs });
    }
  }
}

/**
 * One progress from two. It only grows.
 *
 * @param {(progress: number) => void} tell
 * @param {number} share - of the first, 0 to 1
 * @returns {[(progress: number) => void, (progress: number) => void]}
 */
function progressOfTwo(tell, share) {
  const done = [0, 0];
  let told = 0;
  const of = (/** @type {number} */ place) => (/** @type {number} */ progress) => {
    done[place] = progress;
    const now = share * done[0] + (1 - share) * done[1];
    if (now > told) tell((told = now));
  };
  return [of(0), of(1)];
}
