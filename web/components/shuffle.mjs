/**
 * Random order, from the browser's source of secrets: the order must tell nothing.
 */

/**
 * @param {number} bound - exclusive, 1 to 2^31
 * @returns {number} each of 0 to *bound* - 1 with the same chance
 */
export function randomBelow(bound) {
  const limit = Math.floor(2 ** 32 / bound) * bound;
  const draw = new Uint32Array(1);
  // Draws past the last whole multiple would make the small numbers a little more likely.
  do crypto.getRandomValues(draw);
  while (draw[0] >= limit);
  return draw[0] % bound;
}

/**
 * @template T
 * @param {readonly T[]} items
 * @returns {T[]} the same items in another array, each order with the same chance
 */
export function shuffled(items) {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = randomBelow(last + 1);
    [result[last], result[other]] = [result[other], result[last]];
  }
  return result;
}
