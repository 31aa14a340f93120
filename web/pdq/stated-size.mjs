/**
 * The size that a picture file says it has, so that a far too large one is refused before a
 * browser spends memory on it. What the decoder gives is checked again.
 */

import { latin } from "./format.mjs";
import { heifSize } from "./heif-boxes.mjs";
import { jpegSize } from "./jpeg.mjs";

/** @typedef {{width: number, height: number}} Size */

/**
 * @param {Uint8Array} bytes - the whole file
 * @param {import("./format.mjs").PictureFormat} format
 * @returns {Size | null} in pixels, as stored (turns not applied); null when not known
 */
export function statedSize(bytes, format) {
  if (format === "jpeg") return jpegSize(bytes);
  if (format === "avif" || format === "heic") return heifSize(bytes);
  if (bytes.length < 30) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Source: PNG 3rd edition §11.2.1; GIF89a §18.
  if (format === "png") return { width: view.getUint32(16), height: view.getUint32(20) };
  if (format === "gif") return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  return format === "webp" ? webpSize(view, latin(bytes, 12, 16)) : null;
}

/**
 * Source: RFC 9649 §2.5 to §2.7; RFC 6386 §9.1 for the lossy form.
 *
 * @param {DataView} view - 30 bytes or more
 * @param {string} chunk - name of the first chunk
 * @returns {Size | null}
 */
function webpSize(view, chunk) {
  if (chunk === "VP8X") {
    // Two numbers of 24 bits; the second is read with the byte before it, as the view ends there.
    const width = view.getUint32(24, true) & 0xffffff;
    return { width: width + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
  }
  if (chunk === "VP8L") {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === "VP8 ") {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  return null;
}
