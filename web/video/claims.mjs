/**
 * What an MP4 or MOV file says about itself, before it is believed.
 *
 * The library that takes frames out of files sets memory aside for as many as the file claims, and
 * does not know the older ways of encryption: decoders give noise for such a file.
 */

import { latin } from "../pdq/format.mjs";
import { VideoError } from "./video-error.mjs";

/** Samples of a track: ten hours of 250 a second. */
const MOST_SAMPLES = 9_000_000;

/** Samples of a fragment, which is a few seconds long. */
const MOST_IN_FRAGMENT = 100_000;

/** Bytes of one index. That of two hours takes a few MiB. */
const MOST_INDEX_BYTES = 128 * 1024 ** 2;

/** Boxes at the top of a file: two for each fragment. */
const MOST_BOXES = 200_000;

/** Boxes that hold other boxes. Source: ISO/IEC 14496-12 §6.2. */
const HOLDERS = new Set(["moov", "trak", "mdia", "minf", "stbl", "moof", "traf"]);

/** Sample entries of encrypted tracks. Source: ISO/IEC 14496-12 §8.12; drmi is Apple's. */
const LOCKED = new Set(["encv", "drmi"]);

/** From the content of a list of sample entries to the name of its first: version, count, size. */
const TO_ENTRY = 12;

/**
 * @typedef {object} Box
 * @property {string} name - four letters
 * @property {number} start - of its content
 * @property {number} end - exclusive
 */

/**
 * @param {Blob} file - one of another kind passes
 * @throws {VideoError} protected; damaged when it claims what no video has
 */
export async function refuseClaims(file) {
  let isFragmented = false;
  let hasIndex = false;
  for await (const box of boxesOf(file)) {
    if (box.name !== "moov" && box.name !== "moof") continue;
    if (box.end - box.start > MOST_INDEX_BYTES) throw new VideoError("damaged");
    const content = await file.slice(box.start, box.end).arrayBuffer();
    const view = new DataView(content);
    isFragmented ||= box.name === "moov" && holds(view, "mvex");
    hasIndex ||= box.name === "moov";
    refuseIndex(view, box.name === "moov" ? MOST_SAMPLES : MOST_IN_FRAGMENT);
    if (hasIndex && !isFragmented) return;
  }
}

/**
 * @param {DataView} view - content of a box
 * @param {number} most - samples that it may claim
 * @throws {VideoError}
 */
function refuseIndex(view, most) {
  let claimed = 0;
  for (const box of boxesIn(view, 0, view.byteLength)) {
    if (box.name === "stsd" && LOCKED.has(textAt(view, box.start + TO_ENTRY, box.end))) {
      throw new VideoError("protected");
    }
    claimed = Math.max(claimed, claimedBy(view, box));
    if (box.name === "trun") most -= claimedBy(view, box);
    if (claimed > most || most < 0) throw new VideoError("damaged");
  }
}

/**
 * Source: ISO/IEC 14496-12 §8.6.1 (stts, ctts), §8.7.3 (stsz, stz2), §8.8.8 (trun).
 *
 * @param {DataView} view
 * @param {Box} box
 * @returns {number} samples that a table says it is about; 0 for other boxes
 */
function claimedBy(view, { name, start, end }) {
  const at = (/** @type {number} */ offset) =>
    start + offset + 4 <= end ? view.getUint32(start + offset) : 0;
  if (name === "trun") return at(4);
  if (name === "stsz" || name === "stz2") return at(8);
  if (name !== "stts" && name !== "ctts") return 0;
  let sum = 0;
  for (let entry = 0; entry < at(4) && start + 16 + 8 * entry <= end; entry++) {
    sum += at(8 + 8 * entry);
  }
  return sum;
}

/**
 * @param {DataView} view
 * @param {string} name
 * @returns {boolean}
 */
function holds(view, name) {
  for (const box of boxesIn(view, 0, view.byteLength)) if (box.name === name) return true;
  return false;
}

/**
 * @param {DataView} view
 * @param {number} start
 * @param {number} end - exclusive
 * @returns {Generator<Box, void, unknown>} the boxes there, and those that they hold
 */
function* boxesIn(view, start, end) {
  let at = start;
  while (at + 8 <= end) {
    const { name, size, header } = headerAt(view, at, end);
    if (size < header) return;
    const box = { name, start: at + header, end: Math.min(end, at + size) };
    yield box;
    if (HOLDERS.has(name)) yield* boxesIn(view, box.start, box.end);
    at += size;
  }
}

/**
 * @param {Blob} file
 * @returns {AsyncGenerator<Box, void, unknown>} the boxes at the top
 */
async function* boxesOf(file) {
  let at = 0;
  for (let count = 0; count < MOST_BOXES && at + 8 <= file.size; count++) {
    const bytes = await file.slice(at, at + 16).arrayBuffer();
    const { name, size, header } = headerAt(new DataView(bytes), 0, file.size - at);
    if (size < header) return;
    yield { name, start: at + header, end: Math.min(file.size, at + size) };
    at += size;
  }
}

/**
 * Source: ISO/IEC 14496-12 §4.2: a size of 0 means up to the end, 1 that a long size follows.
 *
 * @param {DataView} view
 * @param {number} at
 * @param {number} end - of what surrounds the box
 * @returns {{name: string, size: number, header: number}} bytes, with the header
 */
function headerAt(view, at, end) {
  const size = view.getUint32(at);
  const name = textAt(view, at + 4, at + 8);
  if (size === 0) return { name, size: end - at, header: 8 };
  if (size !== 1) return { name, size, header: 8 };
  const isThere = at + 16 <= view.byteLength;
  return { name, size: isThere ? Number(view.getBigUint64(at + 8)) : 0, header: 16 };
}

/**
 * @param {DataView} view
 * @param {number} at
 * @param {number} end - exclusive
 * @returns {string} four letters; fewer at the end
 */
function textAt(view, at, end) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return latin(bytes, at, Math.min(at + 4, end));
}
