/**
 * PDQ, the hash of a picture: 256 bits that stay nearly the same when the picture is copied.
 *
 * The picture comes in strips of rows, so that a large one never has to be in memory as a whole.
 * No DOM: runs in a page, in a worker and in Node. Contract and vectors: spec/pdq.md.
 */

import { SMALL, bands } from "./bands.mjs";

/** Hashes of a lower quality are refused. Inclusive lower bound. Source: spec/pdq.md. */
export const MIN_QUALITY = 50;

/** Shortest side that PDQ is defined for, in pixels; inclusive. Source: spec/pdq.md. */
export const MIN_SIDE = 5;

/** Rows and columns of the block of frequencies that the bits come from. */
const BLOCK = 16;

/** Bits that are one in a sound hash: bounds inclusive. Source: spec/pdq.md, degenerate hashes. */
const FEWEST_ONES = 32;
const MOST_ONES = 224;

/** Luma of an RGB pixel. Source: spec/pdq.md (ITU-R BT.601). */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/**
 * @typedef {object} HashedPicture
 * @property {string} hash - 64 lower-case hexadecimal digits
 * @property {number} quality - 0 to 100, both inclusive
 */

/**
 * Takes a picture in strips of rows and gives its hash.
 */
export class PdqAccumulator {
  #width;
  #height;
  #across;
  #down;
  /** Rows still to come. */
  #missing;
  /** [64 × 64] the small picture, row-major. */
  #small = new Float64Array(SMALL * SMALL);
  /** [width] luma of the row at hand. */
  #luma;
  /** [64] the row at hand, blurred and shrunk across. */
  #narrow = new Float64Array(SMALL);

  /**
   * @param {number} width - pixels, 5 or more
   * @param {number} height - pixels, 5 or more
   * @throws {RangeError} when a side is no whole number or shorter than 5
   */
  constructor(width, height) {
    for (const side of [width, height]) {
      if (!Number.isInteger(side) || side < MIN_SIDE) {
        throw new RangeError(`A side has ${MIN_SIDE} pixels or more, not ${side}.`);
      }
    }
    this.#width = width;
    this.#height = height;
    this.#across = bands(width);
    this.#down = bands(height);
    this.#missing = new Set(Array(height).keys());
    this.#luma = new Float64Array(width);
  }

  /**
   * Add rows. Strips may come in any order; each row exactly once.
   *
   * @param {Uint8ClampedArray | Uint8Array} rgba - [rowCount × width × 4] 0 to 255, row-major;
   *   the fourth value is ignored
   * @param {number} firstRow
   * @param {number} rowCount
   * @throws {RangeError} when the strip does not fit, or a row came before
   */
  addRows(rgba, firstRow, rowCount) {
    if (rgba.length !== rowCount * this.#width * 4) {
      throw new RangeError(
        `${rowCount} rows of ${this.#width} pixels are ${rowCount * this.#width * 4} values, ` +
          `not ${rgba.length}.`,
      );
    }
    for (let row = 0; row < rowCount; row++) {
      if (!this.#missing.delete(firstRow + row)) {
        throw new RangeError(`Row ${firstRow + row} came twice, or is not in the picture.`);
      }
      this.#addRow(rgba, row * this.#width * 4, firstRow + row);
    }
  }

  /**
   * @param {Uint8ClampedArray | Uint8Array} rgba
   * @param {number} offset - of the first value of the row
   * @param {number} row - its place in the picture
   */
  #addRow(rgba, offset, row) {
    const { first, start, weights } = this.#down;
    let ready = false;
    for (let line = 0; line < SMALL; line++) {
      const at = row - first[line];
      if (at < 0 || at >= start[line + 1] - start[line]) continue;
      if (!ready) {
        this.#shrinkAcross(rgba, offset);
        ready = true;
      }
      const weight = weights[start[line] + at];
      for (let column = 0; column < SMALL; column++) {
        this.#small[line * SMALL + column] += weight * this.#narrow[column];
      }
    }
  }

  /**
   * Luma of one row, blurred and shrunk to 64 samples.
   *
   * @param {Uint8ClampedArray | Uint8Array} rgba
   * @param {number} offset
   */
  #shrinkAcross(rgba, offset) {
    // Locals: engines keep these in registers, private fields are looked up each time.
    const luma = this.#luma;
    const narrow = this.#narrow;
    const { first, start, weights } = this.#across;
    for (let column = 0, at = offset; column < luma.length; column++, at += 4) {
      luma[column] = RED * rgba[at] + GREEN * rgba[at + 1] + BLUE * rgba[at + 2];
    }
    for (let column = 0; column < SMALL; column++) {
      const end = start[column + 1];
      let sum = 0;
      for (let at = start[column], sample = first[column]; at < end; at++, sample++) {
        sum += weights[at] * luma[sample];
      }
      narrow[column] = sum;
    }
  }

  /**
   * @returns {HashedPicture}
   * @throws {RangeError} when rows are missing
   */
  finish() {
    if (this.#missing.size > 0) {
      throw new RangeError(`${this.#missing.size} of ${this.#height} rows did not come.`);
    }
    // Single precision from here on, as in the field: it takes the rounding of the sums away.
    const small = Float32Array.from(this.#small);
    return { hash: toHex(frequencies(small)), quality: qualityOf(small) };
  }
}

/**
 * Hash a picture that is in memory as a whole.
 *
 * @param {Uint8ClampedArray | Uint8Array} rgba - [height × width × 4] 0 to 255, row-major
 * @param {number} width
 * @param {number} height
 * @returns {HashedPicture}
 */
export function hashRgba(rgba, width, height) {
  const accumulator = new PdqAccumulator(width, height);
  accumulator.addRows(rgba, 0, height);
  return accumulator.finish();
}

/**
 * Whether a hash says nothing about a picture: nearly all bits equal.
 *
 * A picture sets about half of the bits, because they are compared with their median. A hash far
 * from that comes from a flat or broken picture and would match pictures that are not alike.
 *
 * @param {string} hash - 64 hexadecimal digits
 * @returns {boolean} true with fewer than 32 or more than 224 ones
 * @throws {RangeError} when *hash* is no hash
 */
export function isDegenerate(hash) {
  if (!/^[0-9a-f]{64}$/.test(hash)) {
    throw new RangeError("A hash has 64 lower-case hexadecimal digits.");
  }
  let ones = 0;
  for (const digit of hash) {
    for (let bits = Number.parseInt(digit, 16); bits > 0; bits >>= 1) ones += bits & 1;
  }
  return ones < FEWEST_ONES || ones > MOST_ONES;
}

/**
 * How much the small picture changes from sample to sample.
 *
 * Source: spec/pdq.md, quality: steps in percent of the full range, each cut to a whole number.
 *
 * @param {Float32Array} small - [64 × 64] luma, row-major
 * @returns {number} 0 to 100
 */
function qualityOf(small) {
  let sum = 0;
  for (let row = 0; row < SMALL; row++) {
    for (let column = 0; column < SMALL; column++) {
      const at = row * SMALL + column;
      if (row + 1 < SMALL) sum += step(small[at], small[at + SMALL]);
      if (column + 1 < SMALL) sum += step(small[at], small[at + 1]);
    }
  }
  return Math.min(100, Math.floor(sum / 90));
}

/**
 * @param {number} one
 * @param {number} other
 * @returns {number} whole percents of the range 0 to 255, in single precision throughout
 */
function step(one, other) {
  const hundredfold = Math.fround(Math.fround(Math.abs(one - other)) * 100);
  return Math.floor(Math.fround(hundredfold / 255));
}

/**
 * [16 × 64] the rows of the discrete cosine transform that PDQ keeps: frequencies 1 to 16, not 0.
 *
 * Source: spec/pdq.md, the transform.
 */
const COSINES = Float64Array.from({ length: BLOCK * SMALL }, (_, at) => {
  const frequency = Math.floor(at / SMALL) + 1;
  const place = 2 * (at % SMALL) + 1;
  return Math.sqrt(2 / SMALL) * Math.cos((Math.PI / (2 * SMALL)) * frequency * place);
});

/**
 * @param {Float32Array} small - [64 × 64] luma, row-major
 * @returns {Float64Array} [16 × 16] strength of each frequency, row-major
 */
function frequencies(small) {
  const half = new Float64Array(BLOCK * SMALL);
  for (let i = 0; i < BLOCK; i++) {
    for (let column = 0; column < SMALL; column++) {
      let sum = 0;
      for (let row = 0; row < SMALL; row++) {
        sum += COSINES[i * SMALL + row] * small[row * SMALL + column];
      }
      half[i * SMALL + column] = sum;
    }
  }
  const block = new Float64Array(BLOCK * BLOCK);
  for (let i = 0; i < BLOCK; i++) {
    for (let j = 0; j < BLOCK; j++) {
      let sum = 0;
      for (let column = 0; column < SMALL; column++) {
        sum += half[i * SMALL + column] * COSINES[j * SMALL + column];
      }
      block[i * BLOCK + j] = sum;
    }
  }
  return block;
}

/**
 * The bits: which frequencies are stronger than the median, in the order of the field.
 *
 * Source: spec/pdq.md, the bits. The median is the 128th smallest value; bit k is row k / 16,
 * column k mod 16, and the text starts with bit 255.
 *
 * @param {Float64Array} block - [16 × 16]
 * @returns {string} 64 hexadecimal digits
 */
function toHex(block) {
  const median = Float64Array.from(block).sort()[block.length / 2 - 1];
  let hex = "";
  for (let bit = block.length - 4; bit >= 0; bit -= 4) {
    let digit = 0;
    for (let place = 0; place < 4; place++) {
      if (block[bit + place] > median) digit |= 1 << place;
    }
    hex += digit.toString(16);
  }
  return hex;
}
