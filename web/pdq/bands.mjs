/**
 * The blur and the shrinking of PDQ along one side of a picture, as a matrix.
 *
 * Two box blurs and the choice of 64 sample centres are linear, so along one side they are one
 * matrix of 64 rows. Each row is zero outside one run of samples: only that run is kept.
 */

/** Samples along each side of the small picture that the hash is made of. */
export const SMALL = 64;

/**
 * A matrix of 64 rows × *size* columns that is zero outside one run per row.
 *
 * @typedef {object} Bands
 * @property {number} size - samples along this side of the picture
 * @property {Int32Array} first - [64] the sample at which the run of each row begins
 * @property {Int32Array} start - [65] where the weights of each row begin in *weights*; the last
 *   entry is their number
 * @property {Float64Array} weights - all runs, one after another; each adds up to 1
 */

/**
 * The run of samples that one box blur averages, both ends inclusive.
 *
 * @param {number} centre
 * @param {number} size - samples along this side
 * @returns {[number, number]}
 */
function box(centre, size) {
  const window = Math.floor((size + 127) / 128);
  const half = Math.floor((window + 2) / 2);
  return [Math.max(0, centre - (window - half)), Math.min(size - 1, centre + half - 1)];
}

/**
 * Weights of two box blurs after each other, sampled at 64 centres.
 *
 * Source: spec/pdq.md, the Jarosz filter (two passes) and the decimation. The window shrinks at
 * the edges and divides by the samples that are really there. A side of 128 samples or fewer has
 * a window of 1, which blurs nothing; a side of exactly 64 comes out unchanged.
 *
 * @param {number} size - samples along this side, 1 or more
 * @returns {Bands}
 */
export function bands(size) {
  const first = new Int32Array(SMALL);
  const start = new Int32Array(SMALL + 1);
  /** @type {number[]} */
  const weights = [];
  for (let row = 0; row < SMALL; row++) {
    const [low, high] = box(Math.floor(((2 * row + 1) * size) / (2 * SMALL)), size);
    const from = box(low, size)[0];
    const run = new Float64Array(box(high, size)[1] - from + 1);
    for (let middle = low; middle <= high; middle++) {
      const [left, right] = box(middle, size);
      const share = 1 / ((high - low + 1) * (right - left + 1));
      for (let sample = left; sample <= right; sample++) run[sample - from] += share;
    }
    first[row] = from;
    start[row] = weights.length;
    weights.push(...run);
  }
  start[SMALL] = weights.length;
  return { size, first, start, weights: Float64Array.from(weights) };
}
