/**
 * From a chosen file to what is sent of it, on the person's own device: pictures and videos alike.
 */

import { PictureError, PictureHasher } from "../pdq/hasher.mjs";
import { HEAD_BYTES, videoKind } from "../video/container.mjs";
import { VideoError, VideoHasher } from "../video/hasher.mjs";
import { encodeFrames } from "../video/wire.mjs";

/** @typedef {"picture" | "video"} Kind */
/** @typedef {import("../video/video-error.mjs").Shortfall} Shortfall */

/**
 * What is sent of a file. Contract: spec/exchange.md.
 *
 * @typedef {object} Fingerprint
 * @property {"pdq" | "vpdq" | "video_md5"} signal_type
 * @property {string} hash - of a video the MD5 of its file
 * @property {number | null} quality - of a picture, 50 to 100
 * @property {string | null} frames - of a video whose frames could be read
 * @property {Shortfall | null} shortfall - why frames are missing; null where all is well. Not sent
 */

/** @typedef {import("../pdq/picture-error.mjs").PictureReason} PictureReason */
/** @typedef {import("../video/video-error.mjs").Refusal} VideoReason */

/**
 * Makes fingerprints: of one picture and one video at a time; more are waited for in order.
 */
export class FingerprintMaker {
  // Made at once: from here on pictures can be hashed with the network cut.
  #pictures = new PictureHasher();
  /** @type {VideoHasher | null} Most people come with pictures: made with the first video. */
  #videos = null;

  /**
   * Tell by its first bytes what a file is; its name is not believed.
   *
   * @param {Blob} file
   * @returns {Promise<Kind>} "picture" also for what cannot be read: reading it says why
   */
  async kindOf(file) {
    try {
      const head = await file.slice(0, HEAD_BYTES).arrayBuffer();
      return videoKind(new Uint8Array(head)) === null ? "picture" : "video";
    } catch {
      return "picture";
    }
  }

  /**
   * @param {Blob} file
   * @param {Kind} kind - as `kindOf` told
   * @param {{onProgress: (progress: number) => void, signal: AbortSignal}} options - with 0 to 1;
   *   the signal stops a video, a picture takes no time worth stopping
   * @returns {Promise<{kind: Kind, fingerprint: Fingerprint}>} the kind is another one for an
   *   animation that does not move
   * @throws {PictureError | VideoError}
   */
  async make(file, kind, { onProgress, signal }) {
    if (kind === "video") {
      try {
        return { kind, fingerprint: await this.#ofVideo(file, { onProgress, signal }) };
      } catch (error) {
        if (!(error instanceof VideoError) || error.reason !== "still-picture") throw error;
      }
    }
    const { hash, quality } = await this.#pictures.hash(file, { onProgress });
    const fingerprint = { signal_type: /** @type {const} */ ("pdq"), hash, quality, frames: null };
    return { kind: "picture", fingerprint: { ...fingerprint, shortfall: null } };
  }

  /**
   * @param {Blob} file
   * @param {{onProgress: (progress: number) => void, signal: AbortSignal}} options
   * @returns {Promise<Fingerprint>}
   * @throws {VideoError}
   */
  async #ofVideo(file, options) {
    this.#videos ??= new VideoHasher();
    const { md5, frames, reason } = await this.#videos.hash(file, options);
    const made = { hash: md5, quality: null, shortfall: reason };
    if (frames === null) return { ...made, signal_type: "video_md5", frames: null };
    return { ...made, signal_type: "vpdq", frames: encodeFrames(frames) };
  }
}

/**
 * @param {unknown} error - of `FingerprintMaker.make`
 * @param {Kind} kind
 * @returns {PictureReason | VideoReason}
 */
export function reasonOf(error, kind) {
  if (kind === "video" && error instanceof VideoError) {
    return /** @type {VideoReason} */ (error.reason);
  }
  return error instanceof PictureError ? error.reason : "unreadable";
}
