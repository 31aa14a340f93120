/**
 * What goes into a request, and in which order.
 *
 * A code has 32 slots; the picture that a person sees as number 1 lies in slot 0. The order in
 * a request is drawn anew each time, so that it tells nothing about the order of the slots, and
 * reading or withdrawing always takes 32 tokens, so that their number tells nothing either.
 */

import { toHex } from "../code/bits.mjs";
import { KEY_BYTES, SLOTS } from "../code/keys.mjs";
import { shuffled } from "../components/shuffle.mjs";

/**
 * @typedef {object} Hashed
 * @property {string} hash
 * @property {number} quality
 */

/**
 * @param {readonly Hashed[]} pictures - in the order that the person sees; 1 to 32
 * @param {readonly string[]} digests - token digests in the order of the slots
 * @returns {import("./api.mjs").Protection[]} in random order
 */
export function protections(pictures, digests) {
  return shuffled(
    pictures.map(({ hash, quality }, slot) => ({
      token_digest: digests[slot],
      signal_type: /** @type {const} */ ("pdq"),
      hash,
      quality,
    })),
  );
}

/**
 * @typedef {object} Question
 * @property {string[]} tokens - in random order
 * @property {<T>(answers: readonly T[]) => T[]} inSlotOrder - puts the answers back
 */

/**
 * Ask for all slots at once.
 *
 * @param {readonly string[]} tokens - in the order of the slots
 * @returns {Question}
 */
export function question(tokens) {
  const order = shuffled(tokens.map((_, slot) => slot));
  return {
    tokens: order.map((slot) => tokens[slot]),
    inSlotOrder: (answers) => tokens.map((_, slot) => answers[order.indexOf(slot)]),
  };
}

/**
 * The tokens of some slots, filled up with tokens that open nothing.
 *
 * @param {readonly string[]} tokens - in the order of the slots
 * @param {readonly number[]} slots - what to withdraw
 * @returns {string[]} exactly 32, in random order
 */
export function withDummies(tokens, slots) {
  const chosen = slots.map((slot) => tokens[slot]);
  const dummies = Array.from({ length: SLOTS - chosen.length }, randomToken);
  return shuffled([...chosen, ...dummies]);
}

/**
 * @returns {string} 64 hexadecimal digits
 */
function randomToken() {
  return toHex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}
