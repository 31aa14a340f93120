/**
 * What is refused of a file before anything decodes it, and of a picture before it is hashed.
 */

import { isComplete } from "./completeness.mjs";
import { isTaken, pictureFormat } from "./format.mjs";
import { MIN_QUALITY, MIN_SIDE, isDegenerate } from "./pdq.mjs";
import { PictureError } from "./picture-error.mjs";
import { statedSize } from "./stated-size.mjs";

/** Largest picture, all inclusive. Source: spec/pdq.md §2. */
export const MAX_BYTES = 64 * 1024 * 1024;
const MAX_PIXELS = 64_000_000;
const MAX_SIDE = 20_000;

/**
 * Refuse what the bytes alone show: before a decoder spends memory on it, and because some
 * decoders give half a picture when the file is cut off.
 *
 * @param {Blob} file
 * @returns {Promise<{bytes: Uint8Array<ArrayBuffer>, format: import("./format.mjs").PictureFormat}>} of a
 *   format that is taken
 * @throws {PictureError}
 */
export async function inspect(file) {
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
  return { bytes, format };
}

/**
 * @param {number} width
 * @param {number} height
 * @throws {PictureError} when outside the limits
 */
export function refuseSize(width, height) {
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new PictureError("too-large");
  }
  if (Math.min(width, height) < MIN_SIDE) throw new PictureError("too-small");
}

/**
 * @param {import("./pdq.mjs").HashedPicture} picture
 * @throws {PictureError} when its hash would say nothing about it
 */
export function refusePoor(picture) {
  if (picture.quality < MIN_QUALITY || isDegenerate(picture.hash)) {
    throw new PictureError("too-poor");
  }
}
