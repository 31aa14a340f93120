/**
 * The notes of a camera in a WebP file. A browser may turn the picture as they say; Chromium does
 * not. So they are hidden: the hash is the same everywhere. Source: spec/pdq.md §2.
 */

import { latin } from "./format.mjs";

/** A name that no reader knows: unknown chunks are stepped over. */
const UNKNOWN = [..."JUNK"].map((sign) => sign.charCodeAt(0));

/**
 * Rename the chunks that hold EXIF.
 *
 * Source: RFC 9649 §2.3, §2.7: a chunk is a name, a length and its content, filled up to even.
 *
 * @param {Uint8Array} bytes - a whole file; changed in place
 */
export function hideExif(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (latin(bytes, at, at + 4) === "EXIF") bytes.set(UNKNOWN, at);
    at += 8 + length + (length % 2);
  }
}
