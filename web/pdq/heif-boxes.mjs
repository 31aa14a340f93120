/**
 * The boxes of an AVIF or HEIC file: enough of the format to find the size of its picture.
 *
 * The files come from anywhere: what does not fit in them ends the search, and no number in them
 * makes it longer than they are.
 */

import { latin } from "./format.mjs";

/** @typedef {{width: number, height: number}} Size */

/**
 * @typedef {object} Box
 * @property {string} name - four characters
 * @property {DataView} body
 */

/**
 * The boxes of a file, or of the body of another box, up to one that does not fit.
 *
 * Source: ISO/IEC 14496-12 §4.2: a size of 0 means up to the end, 1 that a long size follows.
 *
 * @param {DataView} view
 * @param {number} [at] - where the first one begins
 * @returns {Generator<Box, void>}
 */
function* boxes(view, at = 0) {
  while (at + 8 <= view.byteLength) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 0) size = view.byteLength - at;
    if (size === 1 && at + 16 <= view.byteLength) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    }
    if (size < head || at + size > view.byteLength) return;
    const name = latin(new Uint8Array(view.buffer, view.byteOffset + at + 4, 4), 0, 4);
    yield { name, body: new DataView(view.buffer, view.byteOffset + at + head, size - head) };
    at += size;
  }
}

/**
 * @param {DataView | undefined} view
 * @param {string} name
 * @param {number} [at] - where the first box begins
 * @returns {DataView | undefined} body of the first box of that name
 */
function find(view, name, at = 0) {
  if (view === undefined || at > view.byteLength) return undefined;
  for (const box of boxes(view, at)) if (box.name === name) return box.body;
  return undefined;
}

/**
 * The size of the picture that the file shows: other items are tiles of it, thumbnails, or of no
 * concern here.
 *
 * Source: ISO/IEC 23008-12 §6.5.3 (`ispe`); ISO/IEC 14496-12 §8.11.4 (`pitm`).
 *
 * @param {Uint8Array} bytes - the whole file
 * @returns {Size | null} in pixels, before it is turned; null when the file does not say
 */
export function heifSize(bytes) {
  // The body of `meta` begins with four bytes of version and flags.
  const meta = find(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), "meta");
  const shown = find(meta, "pitm", 4);
  const properties = find(meta, "iprp", 4);
  const ties = find(properties, "ipma");
  const described = find(properties, "ipco");
  if (!shown || !ties || !described) return null;
  try {
    const number = shown.getUint8(0) === 0 ? shown.getUint16(4) : shown.getUint32(4);
    const numbers = propertiesOf(number, ties);
    let place = 0;
    for (const { name, body } of boxes(described)) {
      place += 1;
      if (name !== "ispe" || !numbers.has(place)) continue;
      return { width: body.getUint32(4), height: body.getUint32(8) };
    }
  } catch (error) {
    // A box that ends in the middle of a number.
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

/**
 * Which properties an item has.
 *
 * Source: ISO/IEC 23008-12 §9.3.1 (`ipma`): of each association the first bit says whether a
 * reader must understand it.
 *
 * @param {number} item
 * @param {DataView} ties - body of `ipma`
 * @returns {Set<number>} places in `ipco`, from 1
 * @throws {RangeError} when it breaks off
 */
function propertiesOf(item, ties) {
  const isLong = ties.getUint8(0) > 0;
  const isWide = (ties.getUint8(3) & 1) === 1;
  /** @type {Set<number>} */
  const places = new Set();
  let at = 8;
  for (let left = ties.getUint32(4); left > 0; left--) {
    const number = isLong ? ties.getUint32(at) : ties.getUint16(at);
    at += isLong ? 4 : 2;
    const end = at + 1 + ties.getUint8(at) * (isWide ? 2 : 1);
    for (at += 1; at < end; at += isWide ? 2 : 1) {
      const place = isWide ? ties.getUint16(at) & 0x7fff : ties.getUint8(at) & 0x7f;
      if (number === item) places.add(place);
    }
  }
  return places;
}
