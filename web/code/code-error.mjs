/**
 * What is wrong with a code as it was entered. The page turns it into words for the person.
 */

/**
 * - `length`: too few or too many words or characters; `found` says how many
 * - `word`: a word that is in no list, at `position`; `suggestions` are close to it
 * - `character`: a character that no code has, at `position`
 * - `check`: everything is possible on its own, but together it is no code: one is mistyped
 *
 * @typedef {"length" | "word" | "character" | "check"} CodeProblem
 */

/** @type {Record<CodeProblem, string>} */
const MESSAGES = {
  length: "A code has 8 words or 18 characters.",
  word: "A word of the code is in no list.",
  character: "A character of the code is not one that codes have.",
  check: "The code has a typing error somewhere.",
};

/**
 * An entry that is no code. The message never repeats what was entered.
 */
export class CodeError extends Error {
  /**
   * @param {CodeProblem} problem
   * @param {object} details
   * @param {"words" | "characters"} details.form - what the entry was read as
   * @param {number} details.found - words or characters in the entry
   * @param {number} [details.position] - 1-based place of the wrong word or character, or 0
   * @param {string} [details.entry] - that word or character as it was entered
   * @param {string[]} [details.suggestions] - words that may have been meant, closest first
   */
  constructor(problem, { form, found, position = 0, entry = "", suggestions = [] }) {
    super(MESSAGES[problem]);
    this.name = "CodeError";
    /** @readonly */
    this.problem = problem;
    /** @readonly */
    this.form = form;
    /** @readonly */
    this.found = found;
    /** @readonly */
    this.position = position;
    /** @readonly */
    this.entry = entry;
    /** @readonly */
    this.suggestions = suggestions;
  }
}
