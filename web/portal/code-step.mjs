/**
 * The steps at which the code is shown, once, and proved to be kept.
 */

import { newSecret, toCharacters, toWords } from "../code/code.mjs";
import { Vault } from "../code/vault.mjs";
import { wordlist } from "../code/wordlists.mjs";
import { find, make } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";
import { numbered } from "./numbered.mjs";
import { choosePlaces, isWord } from "./proof.mjs";

/** @typedef {import("../components/words.mjs").Words} Words */

export class CodeStep {
  #$code;
  #$prove;
  #words;
  #list = wordlist(document.documentElement.lang);
  /** @type {Uint8Array | null} */
  #secret = null;
  /** @type {Promise<Vault> | null} Opened while the person writes the code down. */
  #vault = null;
  /** @type {number[]} Which words are asked for, 0-based. */
  #places = [];

  /**
   * @param {HTMLElement} $code - the step that shows it
   * @param {HTMLElement} $prove - the step that asks for some of its words
   * @param {{words: Words, onKept: () => void, onProved: () => void}} options
   */
  constructor($code, $prove, { words, onKept, onProved }) {
    this.#$code = $code;
    this.#$prove = $prove;
    this.#words = words;
    Vault.prepare();
    find($code, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#askForWords();
      onKept();
    });
    find($prove, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#check()) onProved();
    });
    find($code, "[data-copy]", HTMLElement).addEventListener("click", () => void this.#copy());
    find($code, "[data-print]", HTMLElement).addEventListener("click", () => window.print());
  }

  /** Whether a code has been shown that protects nothing yet. */
  get isShown() {
    return this.#secret !== null;
  }

  /**
   * Draw a code and show it; the same one again after Back.
   *
   * @param {readonly import("./file-set.mjs").ChosenFile[]} files - that it will protect, in the
   *   order of their numbers
   */
  start(files) {
    this.#secret ??= newSecret();
    // What goes wrong is told when it is needed.
    this.vault().catch(() => {});
    const $names = files.map((file, place) => numbered(file, place + 1, this.#words));
    find(this.#$code, "[data-code-names]", HTMLElement).replaceChildren(...$names);
    const items = toWords(this.#secret, this.#list).map((text) => make("li", { text }));
    find(this.#$code, "[data-code-words]", HTMLElement).replaceChildren(...items);
    find(this.#$code, "[data-code-characters]", HTMLElement).textContent = toCharacters(this.#secret);
  }

  /**
   * @returns {Promise<Vault>} what the code opens; closed with `forget`
   * @throws {import("../code/vault.mjs").KeysError}
   */
  vault() {
    if (this.#secret === null) throw new Error("There is no code yet.");
    this.#vault ??= Vault.open(this.#secret).catch((error) => {
      this.#vault = null;
      throw error;
    });
    return this.#vault;
  }

  /** Take the code off the page and out of memory. */
  forget() {
    this.#secret?.fill(0);
    this.#secret = null;
    this.#vault?.then((vault) => vault.close()).catch(() => {});
    this.#vault = null;
    find(this.#$code, "[data-code-names]", HTMLElement).replaceChildren();
    find(this.#$code, "[data-code-words]", HTMLElement).replaceChildren();
    find(this.#$code, "[data-code-characters]", HTMLElement).textContent = "";
    find(this.#$code, "[data-copy-status]", HTMLElement).textContent = "";
    for (const $input of this.#inputs()) $input.value = "";
  }

  #askForWords() {
    const $inputs = this.#inputs();
    this.#places = choosePlaces(find(this.#$code, "[data-code-words]", HTMLElement).childElementCount, $inputs.length);
    clearProblems(this.#$prove);
    for (const [i, $input] of $inputs.entries()) {
      $input.value = "";
      const number = this.#places[i] + 1;
      find(this.#$prove, `label[for="${$input.id}"]`, HTMLElement).textContent =
        this.#words.say("word_number", { number });
    }
  }

  /**
   * @returns {boolean} whether all words are right
   */
  #check() {
    if (this.#secret === null) return false;
    const code = toWords(this.#secret, this.#list);
    const problems = this.#inputs().flatMap(($field, i) => {
      const place = this.#places[i];
      if (isWord($field.value, code[place], this.#list)) return [];
      const key = $field.value.trim() === "" ? "word_missing" : "word_wrong";
      return [{ text: this.#words.say(key, { number: place + 1 }), $field }];
    });
    clearProblems(this.#$prove);
    if (problems.length > 0) showProblems(this.#$prove, problems);
    return problems.length === 0;
  }

  /**
   * @returns {HTMLInputElement[]}
   */
  #inputs() {
    return [...this.#$prove.querySelectorAll("input")];
  }

  async #copy() {
    if (this.#secret === null) return;
    let key = "copied";
    try {
      await navigator.clipboard.writeText(toWords(this.#secret, this.#list).join(" "));
    } catch {
      key = "copy_failed";
    }
    find(this.#$code, "[data-copy-status]", HTMLElement).textContent = this.#words.say(key);
  }
}
