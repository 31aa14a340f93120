/**
 * Whether a picture file reaches its own end.
 *
 * Some browsers decode a file that is cut off, with grey or nothing where data is missing. Its
 * hash would be of another picture, so such a file is refused in every browser.
 */

import { isJpegComplete } from "./jpeg.mjs";
import { latin } from "./format.mjs";

/** @typedef {import("./format.mjs").PictureFormat} PictureFormat */

/** @type {Partial<Record<PictureFormat, (bytes: Uint8Array) => boolean>>} */
const CHECKS = {
  jpeg: isJpegComplete,
  png: isPngComplete,
  gif: isGifComplete,
  webp: isWebpComplete,
  avif: areBoxesComplete,
  heic: areBoxesComplete,
};

/**
 * @param {Uint8Array} bytes - the whole file
 * @param {PictureFormat} format
 * @returns {boolean} true also for formats that are not checked here: for these the browser decides
 */
export function isComplete(bytes, format) {
  return CHECKS[format]?.(bytes) ?? true;
}

/**
 * @param {Uint8Array} bytes
 * @returns {DataView}
 */
function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * Source: PNG 3rd edition §5.3. A chunk is a length, a name, the content and a checksum.
 *
 * @param {Uint8Array} bytes
 * @returns {boolean}
 */
function isPngComplete(bytes) {
  const view = viewOf(bytes);
  let hasData = false;
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = latin(bytes, at + 4, at + 8);
    if (name === "IDAT") hasData = true;
    if (name === "IEND") return hasData;
  }
  return false;
}

/**
 * Whether the first image of the file is there: only that one is hashed, and much software leaves
 * out the last byte of the file.
 *
 * Source: GIF89a §18 to §26.
 *
 * @param {Uint8Array} bytes
 * @returns {boolean}
 */
function isGifComplete(bytes) {
  let at = 13 + colourTableSize(bytes[10]);
  while (at < bytes.length) {
    if (bytes[at] === 0x21) {
      at = endOfSubBlocks(bytes, at + 2);
    } else if (bytes[at] === 0x2c) {
      return endOfSubBlocks(bytes, at + 11 + colourTableSize(bytes[at + 9])) <= bytes.length;
    } else {
      return false;
    }
  }
  return false;
}

/**
 * @param {number} flags - of a screen or an image
 * @returns {number} bytes
 */
function colourTableSize(flags) {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at - offset of the first block
 * @returns {number} offset after the last; beyond the end of the file when that is cut off
 */
function endOfSubBlocks(bytes, at) {
  while (at < bytes.length) {
    const length = bytes[at];
    at += 1 + length;
    if (length === 0) return at;
  }
  return bytes.length + 1;
}

/**
 * Source: RFC 9649 §2.3 and §2.4: the length in the header leaves out the first eight bytes.
 *
 * @param {Uint8Array} bytes
 * @returns {boolean}
 */
function isWebpComplete(bytes) {
  return bytes.length >= 20 && viewOf(bytes).getUint32(4, true) + 8 <= bytes.length;
}

/**
 * Whether the boxes of an AVIF or HEIC file fit in it.
 *
 * Source: ISO/IEC 14496-12 §4.2: a size of 0 means up to the end of the file, 1 that a long size
 * follows the name.
 *
 * @param {Uint8Array} bytes
 * @returns {boolean}
 */
function areBoxesComplete(bytes) {
  const view = viewOf(bytes);
  let at = 0;
  while (at + 8 <= bytes.length) {
    let size = view.getUint32(at);
    if (size === 0) return true;
    if (size === 1) {
      if (at + 16 > bytes.length) return false;
      size = Number(view.getBigUint64(at + 8));
    }
    if (size < 8) return false;
    at += size;
  }
  return at === bytes.length;
}
