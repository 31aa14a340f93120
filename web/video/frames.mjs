/**
 * From a video file to the hashes of its frames, on the person's own device.
 *
 * Reads pictures only: sound, names, places and what a camera wrote are not looked at, and nothing
 * is sent anywhere. Contract: spec/video.md.
 */

import { openAnimation } from "./animation.mjs";
import { HEAD_BYTES, videoKind } from "./container.mjs";
import { openFilm } from "./film.mjs";
import { MAX_DECODED, MAX_MS, SLACK_MS } from "./limits.mjs";
import { hashLuma } from "./luma.mjs";
import { FrameKeeper } from "./reduction.mjs";
import { SecondSampler } from "./sampling.mjs";
import { VideoError } from "./video-error.mjs";

/** @typedef {import("./film.mjs").ShownFrame} ShownFrame */
/** @typedef {import("./film.mjs").FrameSource} FrameSource */

/**
 * @typedef {object} HashedFrames
 * @property {import("./reduction.mjs").VideoFrameHash[]} frames - one at least
 * @property {import("./video-error.mjs").Shortfall | null} reason - `cut-off` or `too-long` where
 *   these are of a part of the video
 * @property {number} duration_ms - how long the part is that was looked at
 */

/**
 * @typedef {object} HashOptions
 * @property {(progress: number) => void} onProgress - called with 0 to 1 at every decoded frame
 * @property {AbortSignal} signal
 */

/**
 * @param {Blob} file
 * @param {HashOptions} options
 * @returns {Promise<HashedFrames>}
 * @throws {VideoError}
 */
export async function hashFrames(file, { onProgress, signal }) {
  const source = await openVideo(file);
  try {
    return await new FrameHashing(source, onProgress, signal).run();
  } finally {
    source.close();
  }
}

/**
 * @param {Blob} file
 * @returns {Promise<FrameSource>}
 * @throws {VideoError}
 */
async function openVideo(file) {
  const head = await file.slice(0, HEAD_BYTES).arrayBuffer().catch(() => {
    throw new VideoError("unreadable");
  });
  const kind = videoKind(new Uint8Array(head));
  if (kind === null) throw new VideoError("not-a-video");
  if (kind === "other") throw new VideoError("unknown-kind");
  return kind === "film" ? openFilm(file) : openAnimation(file, kind);
}

class FrameHashing {
  #source;
  #onProgress;
  #signal;
  /** @type {SecondSampler<ShownFrame>} */
  #sampler = new SecondSampler();
  #keeper = new FrameKeeper();
  #end_ms = 0;
  #count = 0;
  /** @type {import("./video-error.mjs").Shortfall | null} */
  #reason = null;

  /**
   * @param {FrameSource} source
   * @param {(progress: number) => void} onProgress
   * @param {AbortSignal} signal
   */
  constructor(source, onProgress, signal) {
    this.#source = source;
    this.#onProgress = onProgress;
    this.#signal = signal;
  }

  /**
   * @returns {Promise<HashedFrames>}
   * @throws {VideoError}
   */
  async run() {
    try {
      await this.#takeFrames();
    } catch (error) {
      // What was shown until then is sound. A reason of our own stays what it is.
      if (error instanceof VideoError && error.reason !== "damaged") throw error;
      this.#reason ??= "cut-off";
    } finally {
      await this.#hash(this.#sampler.finish(), this.#signal.aborted);
    }
    if (this.#count === 0) throw new VideoError("damaged");
    if (this.#keeper.frames.length === 0) throw new VideoError("too-poor");
    if (this.#end_ms + SLACK_MS < (this.#source.claimed_ms ?? 0)) this.#reason ??= "cut-off";
    return { frames: this.#keeper.frames, reason: this.#reason, duration_ms: this.#end_ms };
  }

  /**
   * @throws {VideoError} cancelled
   */
  async #takeFrames() {
    for await (const frame of this.#source.frames()) {
      if (this.#signal.aborted || frame.at_ms > MAX_MS || this.#count === MAX_DECODED) {
        frame.close();
        if (this.#signal.aborted) throw new VideoError("cancelled");
        this.#reason = "too-long";
        this.#end_ms = Math.min(this.#end_ms, MAX_MS);
        return;
      }
      this.#count++;
      this.#end_ms = Math.max(this.#end_ms, frame.end_ms);
      await this.#hash(this.#sampler.take(frame, frame.at_ms));
      this.#onProgress(this.#share(frame.at_ms));
    }
  }

  /**
   * @param {import("./sampling.mjs").Over<ShownFrame> | null} over
   * @param {boolean} [isUnwanted]
   */
  async #hash(over, isUnwanted = false) {
    if (over === null) return;
    try {
      if (over.at_ms === null || over.at_ms >= MAX_MS || isUnwanted) return;
      this.#keeper.add({ ...hashLuma(await over.frame.luma()), at_ms: over.at_ms });
    } finally {
      over.frame.close();
    }
  }

  /**
   * @param {number} at_ms
   * @returns {number} 0 to 1; where the file does not say how long it is, ever slower
   */
  #share(at_ms) {
    const claimed = Math.min(this.#source.claimed_ms ?? 0, MAX_MS);
    return claimed > 0 ? Math.min(1, at_ms / claimed) : at_ms / (at_ms + 60_000);
  }
}
