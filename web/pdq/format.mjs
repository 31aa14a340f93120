/**
 * Which picture format a file has, by its first bytes: names and types of files are not believed.
 */

/**
 * @typedef {"jpeg" | "png" | "gif" | "webp" | "bmp" | "avif" | "heic" | "tiff" | "jxl" | "jp2"}
 *   PictureFormat
 */

/** Formats that every browser reads: when one of these fails, the file is damaged. */
const ALWAYS_READ = new Set(["jpeg", "png", "gif", "webp"]);

/**
 * The formats of spec/pdq.md §2. A browser may read others, but platforms refuse them: the hash
 * of such a file would not be one that anybody else gives it.
 */
const TAKEN = new Set([...ALWAYS_READ, "avif", "heic"]);

/**
 * First bytes of each format, as text with one character per byte; "?" stands for any byte.
 *
 * Source: ISO/IEC 10918-1 (JPEG), PNG 3rd edition §5.2, GIF89a §17, RFC 9649 (WebP), Windows
 * BITMAPFILEHEADER, TIFF 6.0 §2, ISO/IEC 18181-2 (JPEG XL), ISO/IEC 15444-1 (JPEG 2000).
 *
 * @type {[PictureFormat, string][]}
 */
const SIGNATURES = [
  ["jpeg", "\xff\xd8\xff"],
  ["png", "\x89PNG\r\n\x1a\n"],
  ["gif", "GIF87a"],
  ["gif", "GIF89a"],
  ["webp", "RIFF????WEBP"],
  ["bmp", "BM????\0\0\0\0"],
  ["tiff", "II*\0"],
  ["tiff", "MM\0*"],
  ["jxl", "\xff\x0a"],
  ["jxl", "\0\0\0\x0cJXL \r\n\x87\n"],
  ["jp2", "\0\0\0\x0cjP  \r\n\x87\n"],
];

/**
 * Brands that the `ftyp` box of a picture carries. Source: spec/pdq.md §2. A video has the same
 * box with other brands.
 *
 * @type {[PictureFormat, string[]][]}
 */
const BRANDS = [
  ["avif", ["avif", "avis"]],
  ["heic", ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "msf1"]],
];

/** Where the brands that are looked at end: 32 after the first one. Source: spec/pdq.md §2. */
const BRANDS_END = 16 + 4 * 32;

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 * @param {number} end - exclusive
 * @returns {string} one character per byte
 */
export function latin(bytes, start, end) {
  return String.fromCharCode(...bytes.subarray(start, end));
}

/**
 * @param {Uint8Array} bytes - the file, or its first 256 bytes at least
 * @returns {PictureFormat | null} null when it is none of those known here
 */
export function pictureFormat(bytes) {
  const head = latin(bytes, 0, 16);
  for (const [format, signature] of SIGNATURES) {
    if (head.length < signature.length) continue;
    if ([...signature].every((byte, at) => byte === "?" || byte === head[at])) return format;
  }
  return head.slice(4, 8) === "ftyp" ? brandedFormat(bytes) : null;
}

/**
 * @param {Uint8Array} bytes - begins with an `ftyp` box
 * @returns {PictureFormat | null}
 */
function brandedFormat(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  /** @type {string[]} */
  const brands = [latin(bytes, 8, 12)];
  for (let at = 16; at + 4 <= Math.min(size, bytes.length, BRANDS_END); at += 4) {
    brands.push(latin(bytes, at, at + 4));
  }
  // An AVIF file also says "mif1", so AVIF is looked for first.
  for (const [format, known] of BRANDS) {
    if (brands.some((brand) => known.includes(brand))) return format;
  }
  return null;
}

/**
 * @param {PictureFormat} format
 * @returns {boolean} whether a picture of it can be protected
 */
export function isTaken(format) {
  return TAKEN.has(format);
}

/**
 * @param {PictureFormat} format
 * @returns {boolean} whether every browser reads it
 */
export function isAlwaysRead(format) {
  return ALWAYS_READ.has(format);
}
