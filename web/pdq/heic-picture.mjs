/**
 * From a HEIC file to its hash, in browsers that do not decode HEIC.
 */

import { withPixels } from "./heic-decoder.mjs";
import { inspect, refusePoor } from "./inspection.mjs";
import { PdqAccumulator } from "./pdq.mjs";

/** @typedef {import("./heic-decoder.mjs").Pixels} Pixels */
/** @typedef {import("./pdq.mjs").HashedPicture} HashedPicture */

/** Pixels that are laid over white and hashed at once: 4 MiB as RGBA. */
const STRIP_PIXELS = 1024 * 1024;

/** Part of the progress that is done when the picture is decoded: by far the longest. */
const DECODED = 0.8;

/**
 * @param {Blob} file
 * @param {import("./libheif.mjs").Libheif} library
 * @param {(progress: number) => void} onProgress - called with 0 to 1
 * @returns {Promise<HashedPicture>}
 * @throws {import("./picture-error.mjs").PictureError} when the file cannot be hashed
 */
export async function hashHeic(file, library, onProgress) {
  const { bytes } = await inspect(file);
  const picture = withPixels(library, bytes, (pixels) => hashPixels(pixels, onProgress));
  refusePoor(picture);
  return picture;
}

/**
 * @param {Pixels} pixels
 * @param {(progress: number) => void} onProgress
 * @returns {HashedPicture}
 */
function hashPixels(pixels, onProgress) {
  const { width, height } = pixels;
  const accumulator = new PdqAccumulator(width, height);
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  onProgress(DECODED);
  for (let row = 0; row < height; row += stripRows) {
    const rows = Math.min(stripRows, height - row);
    accumulator.addRows(rowsOverWhite(pixels, row, rows), row, rows);
    onProgress(DECODED + ((1 - DECODED) * (row + rows)) / height);
  }
  return accumulator.finish();
}

/**
 * Copy rows, laid over white.
 *
 * Source: spec/pdq.md §2: (c · a + 255 · (255 - a)) / 255, rounded to the nearest.
 *
 * @param {Pixels} pixels
 * @param {number} first
 * @param {number} count
 * @returns {Uint8ClampedArray} [count × width × 4]; it rounds and clips what is put in
 */
export function rowsOverWhite({ width, stride, data, isPremultiplied }, first, count) {
  const strip = new Uint8ClampedArray(count * width * 4);
  for (let row = 0; row < count; row++) {
    const from = (first + row) * stride;
    strip.set(data.subarray(from, from + width * 4), row * width * 4);
  }
  for (let at = 0; at < strip.length; at += 4) {
    const alpha = strip[at + 3];
    if (alpha === 255) continue;
    for (let colour = at; colour < at + 3; colour++) {
      const value = isPremultiplied ? strip[colour] : (strip[colour] * alpha) / 255;
      strip[colour] = value + 255 - alpha;
    }
    strip[at + 3] = 255;
  }
  return strip;
}
