/**
 * Which of the hashed frames are kept: those that say something, and something new.
 *
 * Source: spec/video.md, the frames that are kept.
 */

import { MIN_QUALITY, isDegenerate } from "../pdq/pdq.mjs";

/**
 * @typedef {object} VideoFrameHash
 * @property {string} hash - 64 lower-case hexadecimal digits
 * @property {number} quality - 50 to 100, both inclusive
 * @property {number} at_ms - when it is on display, in milliseconds after the first frame
 */

/** A frame this close to the one kept before it says nothing new. Bits, inclusive. */
const SAME_BITS = 4;

/**
 * Takes the frames of one video in order.
 */
export class FrameKeeper {
  /** @type {VideoFrameHash[]} */
  frames = [];

  /**
   * @param {VideoFrameHash} frame
   */
  add({ hash, quality, at_ms }) {
    if (quality < MIN_QUALITY || isDegenerate(hash)) return;
    const last = this.frames.at(-1);
    if (last !== undefined && bitsApart(last.hash, hash) <= SAME_BITS) return;
    this.frames.push({ hash, quality, at_ms });
  }
}

/**
 * @param {string} one - 64 hexadecimal digits
 * @param {string} other - the same
 * @returns {number} 0 to 256
 */
export function bitsApart(one, other) {
  let count = 0;
  for (let at = 0; at < one.length; at++) {
    let bits = Number.parseInt(one[at], 16) ^ Number.parseInt(other[at], 16);
    for (; bits > 0; bits >>= 1) count += bits & 1;
  }
  return count;
}
