/**
 * From a picture file to its hash, on the person's own device.
 *
 * Uses what browsers have: createImageBitmap and OffscreenCanvas. Reads pixels only; the file's
 * name, its time and what a camera wrote into it are not looked at, and nothing is sent anywhere.
 */

import { isComplete } from "./completeness.mjs";
import { isAlwaysRead, isTaken, pictureFormat } from "./format.mjs";
import { MIN_QUALITY, MIN_SIDE, PdqAccumulator, isDegenerate } from "./pdq.mjs";
import { PictureError } from "./picture-error.mjs";
import { statedSize } from "./stated-size.mjs";

export { PictureError };

/** Largest picture, all inclusive. Source: spec/pdq.md §2. */
export const MAX_BYTES = 64 * 1024 * 1024;
const MAX_PIXELS = 64_000_000;
const MAX_SIDE = 20_000;

/** Pixels in memory at once besides the browser's own: 4 MiB as RGBA. */
const STRIP_PIXELS = 1024 * 1024;

/** Part of the progress that is done when the picture is decoded. */
const DECODED = 0.4;

/**
 * @typedef {object} HashOptions
 * @property {(progress: number) => void} [onProgress] - called with 0 to 1
 */

/**
 * @param {Blob} file
 * @param {HashOptions} [options]
 * @returns {Promise<import("./pdq.mjs").HashedPicture>}
 * @throws {PictureError} when the file cannot be hashed
 */
export async function hashPicture(file, { onProgress = () => {} } = {}) {
  if (!canReadPixels()) throw new PictureError("blocked");
  onProgress(0);
  const bitmap = await decode(file);
  try {
    refuseSize(bitmap.width, bitmap.height);
    onProgress(DECODED);
    const picture = hashBitmap(bitmap, (share) => onProgress(DECODED + (1 - DECODED) * share));
    if (picture.quality < MIN_QUALITY || isDegenerate(picture.hash)) {
      throw new PictureError("too-poor");
    }
    return picture;
  } finally {
    bitmap.close();
  }
}

/**
 * @param {Blob} file
 * @returns {Promise<ImageBitmap>} upright, as the camera was held
 * @throws {PictureError}
 */
async function decode(file) {
  const format = await inspect(file);
  try {
    // No colour conversion: a platform's software reads the values as they are in the file.
    return await createImageBitmap(file, {
      imageOrientation: "from-image",
      colorSpaceConversion: "none",
    });
  } catch {
    throw new PictureError(isAlwaysRead(format) ? "unreadable" : "unknown-format");
  }
}

/**
 * Refuse what the bytes alone show: before a decoder spends memory on it, and because some
 * browsers decode a picture that is cut off.
 *
 * @param {Blob} file
 * @returns {Promise<import("./format.mjs").PictureFormat>} one that is taken
 * @throws {PictureError}
 */
async function inspect(file) {
  if (file.size === 0) throw new PictureError("empty");
  if (file.size > MAX_BYTES) throw new PictureError("too-large");
  const bytes = await file.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => {
      throw new PictureError("unreadable");
    },
  );
  const format = pictureFormat(bytes);
  if (format === null) throw new PictureError("not-a-picture");
  if (!isTaken(format)) throw new PictureError("unknown-format");
  const size = statedSize(bytes, format);
  if (size !== null) refuseSize(size.width, size.height);
  if (!isComplete(bytes, format)) throw new PictureError("unreadable");
  return format;
}

/**
 * @param {number} width
 * @param {number} height
 * @throws {PictureError} when outside the limits
 */
function refuseSize(width, height) {
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new PictureError("too-large");
  }
  if (Math.min(width, height) < MIN_SIDE) throw new PictureError("too-small");
}

/**
 * @param {ImageBitmap} bitmap
 * @param {(share: number) => void} onShare - called with the part of the rows that is done
 * @returns {import("./pdq.mjs").HashedPicture}
 */
function hashBitmap(bitmap, onShare) {
  const { width, height } = bitmap;
  const accumulator = new PdqAccumulator(width, height);
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const context = canvasContext(width, stripRows);
  for (let row = 0; row < height; row += stripRows) {
    const rows = Math.min(stripRows, height - row);
    // White first: what is transparent lies over white, as on most pages.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, 0, row, width, rows, 0, 0, width, rows);
    accumulator.addRows(context.getImageData(0, 0, width, rows).data, row, rows);
    onShare((row + rows) / height);
  }
  return accumulator.finish();
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvasRenderingContext2D}
 * @throws {PictureError} when the browser gives none
 */
function canvasContext(width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (context === null) throw new PictureError("blocked");
  context.imageSmoothingEnabled = false;
  return context;
}

/**
 * Whether the canvas gives back what was put in.
 *
 * Browsers that guard against recognising a device answer with noise or with white. A hash of
 * that would protect nothing, and nobody would see it. Changes of one or two steps, which some of
 * them make, do not move a hash.
 *
 * @returns {boolean}
 */
function canReadPixels() {
  if (typeof OffscreenCanvas !== "function") return false;
  const side = 16;
  const context = canvasContext(side, side);
  const drawn = new ImageData(side, side);
  drawn.data.forEach((_, at) => {
    drawn.data[at] = at % 4 === 3 ? 255 : (at * 37) % 256;
  });
  context.putImageData(drawn, 0, 0);
  const read = context.getImageData(0, 0, side, side).data;
  return drawn.data.every((value, at) => Math.abs(value - read[at]) <= 2);
}
