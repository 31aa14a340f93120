/**
 * Words of a code: found again however they were typed, and guessed at when misspelt.
 */

/** @typedef {import("./wordlists.mjs").Wordlist} Wordlist */

/** So many letters are enough, as no two words of a list share them. Source: BIP39. */
const ENOUGH_LETTERS = 4;

/** Letters of the longest word in the lists. */
const LONGEST_WORD = 8;

/** Most letters that a suggestion may differ in, and how many suggestions are given. */
const MAX_EDITS = 3;
const MAX_SUGGESTIONS = 3;

/**
 * The letters of a text as they are compared: small, without accents.
 *
 * @param {string} text
 * @returns {string}
 */
export function plainLetters(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe");
}

/** @type {WeakMap<Wordlist, string[]>} */
const plainLists = new WeakMap();

/**
 * @param {Wordlist} list
 * @returns {string[]} the same words, as plain letters
 */
function plainList(list) {
  let plain = plainLists.get(list);
  if (plain === undefined) {
    plain = list.map(plainLetters);
    plainLists.set(list, plain);
  }
  return plain;
}

/**
 * @param {string} entry - plain letters: a word, or its first four letters or more
 * @param {Wordlist} list
 * @returns {number} its place in the list, or -1
 */
export function findWord(entry, list) {
  const plain = plainList(list);
  const exact = plain.indexOf(entry);
  if (exact >= 0 || entry.length < ENOUGH_LETTERS) return exact;
  const first = plain.findIndex((word) => word.startsWith(entry));
  const last = plain.findLastIndex((word) => word.startsWith(entry));
  return first === last ? first : -1;
}

/**
 * The words of a list that are closest to a misspelt one.
 *
 * @param {string} entry - plain letters
 * @param {Wordlist} list
 * @returns {string[]} at most three, closest first; none when nothing is close
 */
export function suggestWords(entry, list) {
  // A pasted page of text as one "word" must not keep the browser busy.
  if (entry.length > LONGEST_WORD + MAX_EDITS) return [];
  const limit = Math.min(MAX_EDITS, Math.floor((entry.length + 1) / 2));
  return plainList(list)
    .map((word, place) => ({ place, edits: edits(entry, word) - sharedStart(entry, word) / 100 }))
    .filter(({ edits }) => edits <= limit)
    .sort((one, other) => one.edits - other.edits || one.place - other.place)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ place }) => list[place]);
}

/**
 * Letters to insert, leave out, replace or swap with their neighbour to get from one word to
 * the other.
 *
 * Source: optimal string alignment distance.
 *
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
function edits(one, other) {
  /** @type {number[]} */
  let beforeLast = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const replaced = last[column - 1] + (one[row - 1] === other[column - 1] ? 0 : 1);
      current[column] = Math.min(last[column] + 1, current[column - 1] + 1, replaced);
      const isSwap = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwap) current[column] = Math.min(current[column], beforeLast[column - 2] + 1);
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length];
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {number} letters that both begin with: of equally close words the person more likely
 *   meant the one that begins alike
 */
function sharedStart(one, other) {
  let count = 0;
  while (count < one.length && one[count] === other[count]) count += 1;
  return count;
}
