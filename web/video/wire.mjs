/**
 * The frames of a video as one text. Contract and vectors: spec/video.md.
 */

/** Of the form. */
const VERSION = 1;

/** Bytes of a frame: milliseconds since the frame before, quality, hash. */
const AFTER_BYTES = 3;
const FRAME_BYTES = AFTER_BYTES + 1 + 32;

/**
 * @param {readonly import("./reduction.mjs").VideoFrameHash[]} frames - one or more, each later
 *   than the one before
 * @returns {string} base64 of the version and, for each frame, how long after the frame before it
 *   appears (the first: after the start), its quality and its hash
 */
export function encodeFrames(frames) {
  const bytes = new Uint8Array(1 + frames.length * FRAME_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  let at = 1;
  let before = 0;
  for (const { hash, quality, at_ms } of frames) {
    const after = at_ms - before;
    view.setUint8(at, after >> 16);
    view.setUint16(at + 1, after & 0xffff);
    view.setUint8(at + AFTER_BYTES, quality);
    for (let place = 0; place < 32; place++) {
      const digits = hash.slice(2 * place, 2 * place + 2);
      bytes[at + AFTER_BYTES + 1 + place] = Number.parseInt(digits, 16);
    }
    at += FRAME_BYTES;
    before = at_ms;
  }
  return toBase64(bytes);
}

/**
 * @param {Uint8Array} bytes
 * @returns {string}
 */
function toBase64(bytes) {
  // In parts: a function takes only so many arguments.
  const parts = [];
  for (let at = 0; at < bytes.length; at += 4096) {
    parts.push(String.fromCharCode(...bytes.subarray(at, at + 4096)));
  }
  return btoa(parts.join(""));
}
