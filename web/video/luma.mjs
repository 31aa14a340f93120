/**
 * Brightness of frames: from what decoders give to a hash. No DOM: runs in Node.
 */

import { PdqAccumulator } from "../pdq/pdq.mjs";

/**
 * @typedef {object} Luma
 * @property {Uint8Array} values - [height × width] 0 to 255, full range, row-major
 * @property {number} width
 * @property {number} height
 */

/** Pixels in memory at once as RGBA: 256 KiB. */
const STRIP_PIXELS = 64 * 1024;

/**
 * What each value of limited range, 16 to 235, is in full range.
 *
 * Source: ITU-R BT.601 §2.5.3; rounding as in spec/video.md.
 */
const EXPANDED = Uint8ClampedArray.from({ length: 256 }, (_, value) =>
  Math.floor(((value - 16) * 255) / 219 + 0.5),
);

/**
 * @typedef {object} Plane
 * @property {Uint8Array} bytes - of the frame, as the decoder gives them
 * @property {number} offset - of the plane of brightness
 * @property {number} stride - bytes from one row to the next
 * @property {number} width
 * @property {number} height
 * @property {number} bits - of a value, 8 to 12; more than 8 take two bytes, the lower one first
 * @property {boolean} isFullRange
 */

/**
 * @param {Plane} plane
 * @returns {Luma}
 */
export function planeToLuma({ bytes, offset, stride, width, height, bits, isFullRange }) {
  const values = new Uint8Array(width * height);
  const shift = bits - 8;
  for (let row = 0, to = 0; row < height; row++) {
    const from = offset + row * stride;
    if (shift === 0) {
      values.set(bytes.subarray(from, from + width), to);
      to += width;
      continue;
    }
    for (let at = from; at < from + 2 * width; at += 2) {
      values[to++] = (bytes[at] | (bytes[at + 1] << 8)) >> shift;
    }
  }
  if (!isFullRange) values.forEach((value, at) => (values[at] = EXPANDED[value]));
  return { values, width, height };
}

/**
 * Source: ITU-R BT.601 in whole numbers, to the nearest; spec/video.md.
 *
 * @param {Uint8ClampedArray} rgba - [height × width × 4]; the fourth value is ignored
 * @param {number} width
 * @param {number} height
 * @returns {Luma}
 */
export function rgbaToLuma(rgba, width, height) {
  const values = new Uint8Array(width * height);
  for (let to = 0, at = 0; to < values.length; to++, at += 4) {
    const sum = 19595 * rgba[at] + 38470 * rgba[at + 1] + 7471 * rgba[at + 2];
    values[to] = (sum + 0x8000) >> 16;
  }
  return { values, width, height };
}

/**
 * Where a sample goes when a frame is turned clockwise: what one row further and one column further
 * add to its new column, and to its new row.
 *
 * @type {Record<number, [number, number, number, number]>}
 */
const TURNS = { 0: [0, 1, 1, 0], 90: [-1, 0, 0, 1], 180: [0, -1, -1, 0], 270: [1, 0, 0, -1] };

/**
 * Turn a frame as its file asks for.
 *
 * @param {Luma} luma
 * @param {number} degrees - clockwise: 0, 90, 180 or 270
 * @param {boolean} isMirrored - then mirror it, left to right
 * @returns {Luma}
 */
export function upright(luma, degrees, isMirrored) {
  if (degrees === 0 && !isMirrored) return luma;
  const { values, width, height } = luma;
  const [across, down] = degrees % 180 === 0 ? [width, height] : [height, width];
  const sign = isMirrored ? -1 : 1;
  const [xByRow, xByColumn, yByRow, yByColumn] = TURNS[degrees];
  const byRow = sign * xByRow + across * yByRow;
  const byColumn = sign * xByColumn + across * yByColumn;
  const firstX = sign * (xByRow + xByColumn) < 0 ? across - 1 : 0;
  const firstY = yByRow + yByColumn < 0 ? down - 1 : 0;
  const turned = new Uint8Array(values.length);
  for (let row = 0, at = 0; row < height; row++) {
    let to = firstY * across + firstX + row * byRow;
    for (let column = 0; column < width; column++, at++, to += byColumn) turned[to] = values[at];
  }
  return { values: turned, width: across, height: down };
}

/**
 * @param {Luma} luma
 * @returns {import("../pdq/pdq.mjs").HashedPicture}
 */
export function hashLuma({ values, width, height }) {
  const accumulator = new PdqAccumulator(width, height);
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const grey = new Uint32Array(stripRows * width);
  for (let row = 0; row < height; row += stripRows) {
    const rows = Math.min(stripRows, height - row);
    const first = row * width;
    // Three equal values have themselves as luma, whatever their weights.
    for (let at = 0; at < rows * width; at++) grey[at] = values[first + at] * 0x010101;
    accumulator.addRows(new Uint8Array(grey.buffer, 0, rows * width * 4), row, rows);
  }
  return accumulator.finish();
}
