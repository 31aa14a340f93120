/**
 * The code that opens what a person has protected: a secret of 80 random bits with a check byte,
 * shown as eight words or as eighteen characters.
 *
 * Contract and vectors: spec/code.md. Nothing here is stored, sent or logged.
 */

import { toBytes, toNumbers } from "./bits.mjs";
import { checkByte } from "./check.mjs";
import { CodeError } from "./code-error.mjs";
import { findWord, plainLetters, suggestWords } from "./words.mjs";
import { wordlists } from "./wordlists.mjs";

export { CodeError };

/** @typedef {import("./wordlists.mjs").Wordlist} Wordlist */

/** Bytes of the secret. Source: spec/code.md, why 80 bits. */
const SECRET_BYTES = 10;

export const WORDS = 8;
const CHARACTERS = 18;

const WORD_BITS = 11;
const CHARACTER_BITS = 5;
const GROUP = 6;

/** Source: Douglas Crockford, Base32: no I, L, O and U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** An entry of so many letters and digits that is no row of words is meant as characters. */
const FEWEST_CHARACTERS = 12;
const MOST_CHARACTERS = 24;

/** More pieces than this are some other text, and are not looked up word by word. */
const MOST_ENTRIES = 64;

/**
 * @returns {Uint8Array} 10 random bytes
 */
export function newSecret() {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
}

/**
 * @param {Uint8Array} secret - 10 bytes
 * @param {Wordlist} list
 * @returns {string[]} eight words
 */
export function toWords(secret, list) {
  return toNumbers(withCheck(secret), WORD_BITS, WORDS).map((number) => list[number]);
}

/**
 * @param {Uint8Array} secret - 10 bytes
 * @returns {string} eighteen characters in three groups, such as "XXXXXX-XXXXXX-XXXXXX"
 */
export function toCharacters(secret) {
  const numbers = toNumbers(withCheck(secret), CHARACTER_BITS, CHARACTERS);
  const text = numbers.map((number) => ALPHABET[number]).join("");
  return [0, GROUP, 2 * GROUP].map((start) => text.slice(start, start + GROUP)).join("-");
}

/**
 * Read a code as a person enters it: words of one list, or characters.
 *
 * Capitals, accents, spaces, hyphens, commas and the numbers before the words do not matter; the
 * first four letters of a word are enough.
 *
 * @param {string} text
 * @param {readonly Wordlist[]} [lists] - that the words may come from
 * @returns {{secret: Uint8Array}} 10 bytes
 * @throws {CodeError} saying what is wrong and where
 */
export function parse(text, lists = wordlists) {
  const entries = text.normalize("NFC").match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const words = withoutNumbering(entries);
  if (entries.length > MOST_ENTRIES) {
    throw new CodeError("length", { form: "words", found: words.length });
  }
  const isShort = isCharacters(entries, words, lists);
  return { secret: isShort ? fromCharacters(entries) : fromWords(words, lists) };
}

/**
 * @param {Uint8Array} secret
 * @returns {Uint8Array} 11 bytes
 */
function withCheck(secret) {
  if (secret.length !== SECRET_BYTES) {
    throw new RangeError(`A secret has ${SECRET_BYTES} bytes, not ${secret.length}.`);
  }
  return Uint8Array.of(...secret, checkByte(secret));
}

/**
 * @param {number[]} numbers
 * @param {number} width - bits of each
 * @param {{form: "words" | "characters", found: number}} details
 * @returns {Uint8Array} the secret
 * @throws {CodeError}
 */
function withoutCheck(numbers, width, details) {
  const bytes = toBytes(numbers, width, SECRET_BYTES + 1);
  const secret = bytes?.slice(0, SECRET_BYTES);
  if (!bytes || !secret || checkByte(secret) !== bytes[SECRET_BYTES]) {
    throw new CodeError("check", details);
  }
  return secret;
}

/**
 * @param {string[]} entries
 * @returns {string[]} without the numbers 1 to 8, which people copy along with the words
 */
function withoutNumbering(entries) {
  return entries.filter((entry) => !/^[1-8]$/.test(entry));
}

/**
 * @param {string[]} entries - all that was typed
 * @param {string[]} words - the same without numbering
 * @param {readonly Wordlist[]} lists
 * @returns {boolean} whether they are meant as the characters of a code
 */
function isCharacters(entries, words, lists) {
  const length = entries.join("").length;
  const isListed = (/** @type {string} */ word) =>
    lists.some((list) => findWord(plainLetters(word), list) >= 0);
  if (words.length > 0 && words.every((word) => !/\d/.test(word) && word.length >= 3)) {
    const isRowOfWords = words.length >= WORDS - 1 || words.some(isListed);
    if (isRowOfWords && length !== CHARACTERS) return false;
    return length >= FEWEST_CHARACTERS && length <= MOST_CHARACTERS;
  }
  return entries.some((entry) => /\d/.test(entry)) || length === CHARACTERS;
}

/**
 * @param {string[]} entries - groups of characters
 * @returns {Uint8Array} the secret
 * @throws {CodeError}
 */
function fromCharacters(entries) {
  const characters = [...entries.join("").toUpperCase()];
  /** @type {{form: "characters", found: number}} */
  const details = { form: "characters", found: characters.length };
  const numbers = characters.map((character, index) => {
    const number = ALPHABET.indexOf({ I: "1", L: "1", O: "0" }[character] ?? character);
    if (number < 0) {
      throw new CodeError("character", { ...details, position: index + 1, entry: character });
    }
    return number;
  });
  if (numbers.length !== CHARACTERS) throw new CodeError("length", details);
  return withoutCheck(numbers, CHARACTER_BITS, details);
}

/**
 * @param {string[]} words
 * @param {readonly Wordlist[]} lists
 * @returns {Uint8Array} the secret
 * @throws {CodeError}
 */
function fromWords(words, lists) {
  /** @type {{form: "words", found: number}} */
  const details = { form: "words", found: words.length };
  const plain = words.map(plainLetters);
  const readings = lists.map((list) => {
    return { list, numbers: plain.map((word) => findWord(word, list)) };
  });
  const known = (/** @type {{numbers: number[]}} */ { numbers }) =>
    numbers.filter((number) => number >= 0).length;
  readings.sort((one, other) => known(other) - known(one));
  const best = readings[0];
  const wrong = best.numbers.indexOf(-1);
  if (wrong >= 0) {
    const suggestions = suggestWords(plain[wrong], best.list);
    const entry = words[wrong];
    throw new CodeError("word", { ...details, position: wrong + 1, entry, suggestions });
  }
  if (words.length !== WORDS) throw new CodeError("length", details);
  // Two lists share some words: a row made of these alone is read by the list that the check fits.
  const complete = readings.filter(({ numbers }) => !numbers.includes(-1));
  for (const { numbers } of complete.slice(0, -1)) {
    try {
      return withoutCheck(numbers, WORD_BITS, details);
    } catch {
      continue;
    }
  }
  return withoutCheck(complete[complete.length - 1].numbers, WORD_BITS, details);
}
