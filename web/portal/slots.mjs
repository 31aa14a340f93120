/**
 * What goes into a request, and in which order.
 *
 * A code has 128 slots; the picture that a person sees as number 1 lies in slot 0. The order in
 * a request is drawn anew each time, so that it tells nothing about the order of the slots, and
 * reading or withdrawing always takes 128 tokens, so that their number tells nothing either.
 */

import { toHex } from "../code/bits.mjs";
import { KEY_BYTES, SLOTS } from "../code/keys.mjs";
import { randomNote } from "../code/note.mjs";
import { shuffled } from "../components/shuffle.mjs";

/**
 * @param {readonly import("./fingerprint.mjs").Fingerprint[]} fingerprints - in the order that the
 *   person sees; 1 to 128
 * @param {readonly string[]} digests - of the token of the slot of each
 * @param {readonly string[]} notes - sealed, for the slot of each
 * @returns {import("./api.mjs").Protection[]} in random order
 */
export function protections(fingerprints, digests, notes) {
  return shuffled(
    fingerprints.map(({ signal_type, hash, quality, frames }, slot) => ({
      token_digest: digests[slot],
      signal_type,
      hash,
      ...(quality === null ? {} : { quality }),
      ...(frames === null ? {} : { frames }),
      note: notes[slot],
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
 * @returns {string[]} exactly 128, in random order
 */
export function withDummies(tokens, slots) {
  const chosen = slots.map((slot) => tokens[slot]);
  const dummies = Array.from({ length: SLOTS - chosen.length }, randomToken);
  return shuffled([...chosen, ...dummies]);
}

/**
 * New notes for some slots, filled up with what nobody can tell from it.
 *
 * @param {readonly string[]} tokens - in the order of the slots
 * @param {ReadonlyMap<number, string>} notes - sealed, by slot
 * @returns {{tokens: string[], notes: string[]}} exactly 128 of each, in the same random order
 */
export function withNotes(tokens, notes) {
  const changes = [...notes].map(([slot, note]) => ({ token: tokens[slot], note }));
  const dummies = Array.from({ length: SLOTS - changes.length }, () => ({
    token: randomToken(),
    note: randomNote(),
  }));
  const sent = shuffled([...changes, ...dummies]);
  return { tokens: sent.map(({ token }) => token), notes: sent.map(({ note }) => note) };
}

/**
 * @returns {string} 64 hexadecimal digits
 */
function randomToken() {
  return toHex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}
