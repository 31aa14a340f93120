/**
 * How large and how long a video may be. All inclusive.
 */

import { MIN_SIDE } from "../pdq/pdq.mjs";
import { VideoError } from "./video-error.mjs";

/** Bytes: an hour and a half in the best quality of a phone. */
export const MAX_BYTES = 16 * 1024 ** 3;

/** Bytes of an animated GIF or WebP, which is in memory as a whole. */
export const MAX_ANIMATION_BYTES = 64 * 1024 ** 2;

/** What is looked at, in milliseconds after the first frame. Source: spec/video.md. */
export const MAX_MS = 7_200_000;

/** Frames that are decoded: two hours of 120 a second, and some. */
export const MAX_DECODED = 1_000_000;

/** Width times height of a frame: phones film up to 7680 × 4320. */
const MAX_PIXELS = 8_192 * 4_352;

/** What may be missing at the end before a video counts as cut off, in milliseconds. */
export const SLACK_MS = 2_000;

/**
 * @param {number} width
 * @param {number} height
 * @throws {VideoError} when a frame of that size is not hashed
 */
export function refuseSize(width, height) {
  if (width * height > MAX_PIXELS) throw new VideoError("too-many-pixels");
  if (Math.min(width, height) < MIN_SIDE) throw new VideoError("too-few-pixels");
}
