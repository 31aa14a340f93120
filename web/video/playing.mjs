/**
 * Frames by way of the browser's player, where a page is given no decoder: seek to each second,
 * and draw what is on display. Slower, and in the page itself: workers have no player.
 */

import { drawnLuma } from "./canvas.mjs";
import { MAX_MS, refuseSize } from "./limits.mjs";
import { hashLuma } from "./luma.mjs";
import { FrameKeeper } from "./reduction.mjs";
import { VideoError } from "./video-error.mjs";

/** Seconds after each whole one: players round, and would show the frame before. */
const NUDGE_S = 0.001;

/** Players that do not know how long a video is find out when they look for its end. Seconds. */
const FAR_S = 1e7;

/** How long a player may take to show what it has found. Those that never tell are quick. */
const SHOWN_LIMIT_MS = 100;

/**
 * @param {Blob} file
 * @param {object} options
 * @param {(progress: number) => void} options.onProgress
 * @param {AbortSignal} options.signal
 * @param {number} options.silenceMs - longest time for one frame
 * @returns {Promise<import("./frames.mjs").HashedFrames>}
 * @throws {VideoError}
 */
export async function playFrames(file, { onProgress, signal, silenceMs }) {
  const player = new Player(file, signal, silenceMs);
  try {
    const end_ms = await player.open();
    const keeper = new FrameKeeper();
    const looked_ms = Math.min(end_ms, MAX_MS);
    for (let at_ms = 0; at_ms === 0 || at_ms < looked_ms; at_ms += 1000) {
      keeper.add({ ...hashLuma(await player.lumaAt(at_ms)), at_ms });
      onProgress(Math.min(1, at_ms / looked_ms));
    }
    if (keeper.frames.length === 0) throw new VideoError("too-poor");
    const reason = end_ms > MAX_MS ? "too-long" : null;
    return { frames: keeper.frames, reason, duration_ms: looked_ms };
  } finally {
    player.close();
  }
}

class Player {
  #video = document.createElement("video");
  #address;
  #signal;
  #silenceMs;
  /** Whether the player tells when it shows a frame, once that is known. */
  #tells = typeof this.#video.requestVideoFrameCallback === "function";

  /**
   * @param {Blob} file
   * @param {AbortSignal} signal
   * @param {number} silenceMs
   */
  constructor(file, signal, silenceMs) {
    this.#address = URL.createObjectURL(file);
    this.#signal = signal;
    this.#silenceMs = silenceMs;
  }

  /**
   * @returns {Promise<number>} how long the video is, in milliseconds
   * @throws {VideoError}
   */
  async open() {
    const video = this.#video;
    video.muted = true;
    video.playsInline = true;
    video.preload = "auto";
    await this.#until("loadeddata", () => {
      video.src = this.#address;
      video.load();
    });
    if (video.videoWidth === 0) throw new VideoError("unknown-codec");
    refuseSize(video.videoWidth, video.videoHeight);
    if (!Number.isFinite(video.duration)) {
      await this.#until("seeked", () => (video.currentTime = FAR_S));
    }
    const seconds = Number.isFinite(video.duration) ? video.duration : video.currentTime;
    return Math.round(seconds * 1000);
  }

  /**
   * @param {number} at_ms
   * @returns {Promise<import("./luma.mjs").Luma>} what is on display then, upright
   * @throws {VideoError}
   */
  async lumaAt(at_ms) {
    const video = this.#video;
    const shown = this.#tells ? this.#nextShown() : null;
    await this.#until("seeked", () => (video.currentTime = at_ms / 1000 + NUDGE_S));
    if (shown !== null) this.#tells = await shown();
    return drawnLuma(video, video.videoWidth, video.videoHeight);
  }

  close() {
    this.#video.removeAttribute("src");
    this.#video.load();
    URL.revokeObjectURL(this.#address);
  }

  /**
   * @returns {() => Promise<boolean>} waits; false when the player told nothing
   */
  #nextShown() {
    const told = new Promise((resolve) =>
      this.#video.requestVideoFrameCallback(() => resolve(true)),
    );
    return () =>
      Promise.race([
        told,
        new Promise((resolve) => setTimeout(() => resolve(false), SHOWN_LIMIT_MS)),
      ]);
  }

  /**
   * @param {"loadeddata" | "seeked"} event
   * @param {() => void} begin
   * @returns {Promise<void>}
   * @throws {VideoError} unknown-codec when the player cannot play it, too-slow, cancelled
   */
  #until(event, begin) {
    const video = this.#video;
    const over = new AbortController();
    return new Promise((/** @type {(value?: undefined) => void} */ resolve, reject) => {
      const fail = (/** @type {import("./video-error.mjs").VideoReason} */ reason) => () =>
        reject(new VideoError(reason));
      const timer = setTimeout(fail("too-slow"), this.#silenceMs);
      over.signal.addEventListener("abort", () => clearTimeout(timer));
      video.addEventListener(event, () => resolve(), { signal: over.signal });
      video.addEventListener("error", fail("unknown-codec"), { signal: over.signal });
      this.#signal.addEventListener("abort", fail("cancelled"), { signal: over.signal });
      if (this.#signal.aborted) fail("cancelled")();
      else begin();
    }).finally(() => over.abort());
  }
}
