/**
 * Did the person keep her code? Three of its words show it.
 */

import { shuffled } from "../components/shuffle.mjs";
import { findWord, plainLetters } from "../code/words.mjs";

/**
 * @param {number} words - how many the code has
 * @param {number} asked - how many to ask for
 * @returns {number[]} places, 0-based, in rising order
 */
export function choosePlaces(words, asked) {
  const places = shuffled(Array.from({ length: words }, (_, place) => place));
  return places.slice(0, asked).sort((one, other) => one - other);
}

/**
 * Capitals, accents and spaces do not matter, and the first four letters are enough, as they are
 * when the code is entered later.
 *
 * @param {string} typed
 * @param {string} word - of the list
 * @param {readonly string[]} list
 * @returns {boolean}
 */
export function isWord(typed, word, list) {
  const place = findWord(plainLetters(typed.trim()), list);
  return place >= 0 && list[place] === word;
}
