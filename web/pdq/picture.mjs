/**
 * From a picture file to its hash, on the person's own device.
 *
 * Uses what browsers have: createImageBitmap and OffscreenCanvas. Reads pixels only; the file's
 * name, its time and what a camera wrote into it are not looked at, and nothing is sent anywhere.
 */

import { canReadPixels, canvasContext } from "./canvas.mjs";
import { isAlwaysRead } from "./format.mjs";
import { inspect, refusePoor, refuseSize } from "./inspection.mjs";
import { PdqAccumulator } from "./pdq.mjs";
import { PictureError } from "./picture-error.mjs";
import { hideExif } from "./webp.mjs";

/** Pixels in memory at once besides the browser's own: 4 MiB as RGBA. */
const STRIP_PIXELS = 1024 * 1024;

/** Part of the progress that is done when the picture is decoded. */
const DECODED = 0.4;

/**
 * A whole HEIC file that this browser does not decode: another worker does, see heic-worker.mjs.
 */
export class ForeignHeic extends Error {}

/**
 * @typedef {object} HashOptions
 * @property {(progress: number) => void} [onProgress] - called with 0 to 1
 */

/**
 * @param {Blob} file
 * @param {HashOptions} [options]
 * @returns {Promise<import("./pdq.mjs").HashedPicture>}
 * @throws {PictureError} when the file cannot be hashed
 * @throws {ForeignHeic} when it can, but not here
 */
export async function hashPicture(file, { onProgress = () => {} } = {}) {
  if (!canReadPixels()) throw new PictureError("blocked");
  onProgress(0);
  const bitmap = await decode(file);
  try {
    refuseSize(bitmap.width, bitmap.height);
    onProgress(DECODED);
    const picture = hashBitmap(bitmap, (share) => onProgress(DECODED + (1 - DECODED) * share));
    refusePoor(picture);
    return picture;
  } finally {
    bitmap.close();
  }
}

/**
 * @param {Blob} file
 * @returns {Promise<ImageBitmap>} upright, as the camera was held
 * @throws {PictureError}
 * @throws {ForeignHeic}
 */
async function decode(file) {
  const { bytes, format } = await inspect(file);
  if (format === "webp") hideExif(bytes);
  const source = format === "webp" ? new Blob([bytes]) : file;
  try {
    // No colour conversion: a platform's software reads the values as they are in the file.
    return await createImageBitmap(source, {
      imageOrientation: "from-image",
      colorSpaceConversion: "none",
    });
  } catch {
    if (format === "heic") throw new ForeignHeic();
    throw new PictureError(isAlwaysRead(format) ? "unreadable" : "unknown-format");
  }
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
  if (context === null) throw new PictureError("blocked");
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
