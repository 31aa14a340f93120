/**
 * From a frame of WebCodecs to its brightness.
 */

import { drawnLuma } from "./canvas.mjs";
import { planeToLuma } from "./luma.mjs";

/** Formats whose first plane is brightness. Source: WebCodecs §9.8, Pixel Format. */
const PLANAR = /^(?:I4(?:20|22|44)A?|NV12)(?:P(10|12))?$/;

/**
 * @param {VideoFrame} frame - not closed here
 * @returns {Promise<import("./luma.mjs").Luma>} as stored: not turned
 * @throws {import("./video-error.mjs").VideoError} hidden-pixels
 */
export async function frameToLuma(frame) {
  const { width, height } = visibleSize(frame);
  const planar = PLANAR.exec(frame.format ?? "");
  // Frames that lie in the memory of a graphics card, and those of animations, have colours only.
  if (planar === null) return drawnLuma(frame, width, height);
  const bytes = new Uint8Array(frame.allocationSize());
  const [{ offset, stride }] = await frame.copyTo(bytes);
  const bits = Number(planar[1] ?? 8);
  const isFullRange = frame.colorSpace.fullRange === true;
  return planeToLuma({ bytes, offset, stride, width, height, bits, isFullRange });
}

/**
 * @param {VideoFrame} frame
 * @returns {{width: number, height: number}} in pixels as stored, without the rim that codecs add
 */
function visibleSize(frame) {
  const { width, height } = frame.visibleRect ?? { width: 0, height: 0 };
  return { width, height };
}
