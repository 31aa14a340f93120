/**
 * The lists of words in which a code is shown: 2048 words each, eleven bits a word.
 *
 * There is no well-kept list for Dutch or German, so these get the English words.
 */

import { wordlist as english } from "../vendor/bip39-english.mjs";
import { wordlist as french } from "../vendor/bip39-french.mjs";

/** @typedef {readonly string[]} Wordlist - 2048 words */

/** The French list writes accents as signs of their own; shown text has them in the letter. */
const composedFrench = Object.freeze(french.map((word) => word.normalize("NFC")));

/**
 * Every list that a code may be entered in.
 *
 * @type {readonly Wordlist[]}
 */
export const wordlists = Object.freeze([english, composedFrench]);

/**
 * @param {string} language - tag of the page, such as "fr" or "nl-BE"
 * @returns {Wordlist}
 */
export function wordlist(language) {
  return language.toLowerCase().split("-")[0] === "fr" ? composedFrench : english;
}
