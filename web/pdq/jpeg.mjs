/**
 * The parts of a JPEG file: enough of the format to find its size and its end.
 */

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/**
 * @typedef {object} JpegSegment
 * @property {number} marker - second byte of its marker
 * @property {number} start - offset of its content, after the length
 * @property {number} end - exclusive; scan data is not part of it
 */

/**
 * The segments up to the end of the image, or to where the file breaks off.
 *
 * What follows the end of the image is not looked at: phones put a second picture or a film there.
 *
 * Source: ISO/IEC 10918-1 annex B.
 *
 * @param {Uint8Array} bytes
 * @returns {Generator<JpegSegment, void>}
 */
function* jpegSegments(bytes) {
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) {
      at = nextMarker(bytes, at); // Decoders step over bytes between segments, so this does too.
      continue;
    }
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1; // A marker may be preceded by any number of fill bytes.
      continue;
    }
    if (marker === END_OF_IMAGE) {
      yield { marker, start: at + 2, end: at + 2 };
      return;
    }
    if (standsAlone(marker)) {
      at += 2;
      continue;
    }
    if (at + 4 > bytes.length) return;
    const end = at + 2 + bytes[at + 2] * 256 + bytes[at + 3];
    if (end < at + 4 || end > bytes.length) return;
    yield { marker, start: at + 4, end };
    at = marker === START_OF_SCAN ? nextMarker(bytes, end) : end;
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {boolean} whether the image comes to its end after at least one scan
 */
export function isJpegComplete(bytes) {
  let hasScan = false;
  for (const { marker } of jpegSegments(bytes)) {
    if (marker === START_OF_SCAN) hasScan = true;
    if (marker === END_OF_IMAGE) return hasScan;
  }
  return false;
}

/**
 * @param {Uint8Array} bytes
 * @returns {{width: number, height: number} | null} null when the file does not say
 */
export function jpegSize(bytes) {
  for (const { marker, start, end } of jpegSegments(bytes)) {
    if (!isFrame(marker) || end - start < 5) continue;
    const view = new DataView(bytes.buffer, bytes.byteOffset + start, 5);
    return { height: view.getUint16(1), width: view.getUint16(3) };
  }
  return null;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at - where scan data begins
 * @returns {number} offset of the marker after it, or the end of the file
 */
function nextMarker(bytes, at) {
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return bytes.length;
    // A zero means that the 0xFF was data; restart markers are part of the scan.
    const next = bytes[at + 1];
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += 2;
  }
}

/**
 * @param {number} marker
 * @returns {boolean} whether no length and content follow: TEM, RST0 to RST7, SOI
 */
function standsAlone(marker) {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/**
 * @param {number} marker
 * @returns {boolean} whether it is SOF0 to SOF15, among which DHT, JPG and DAC have their places
 */
function isFrame(marker) {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}
