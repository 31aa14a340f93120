/**
 * The step at which a code is entered. What is wrong with it is found here, on the device.
 */

import { CodeError, parse } from "../code/code.mjs";
import { Vault } from "../code/vault.mjs";
import { find } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";
import { whenSlow } from "./api.mjs";
import { reasonWords } from "./failure.mjs";

/** @typedef {import("../components/words.mjs").Words} Words */

/** Letters of a wrong word that are repeated in the message about it. */
const MOST_SHOWN = 20;

export class EntryStep {
  #$step;
  #$code;
  #words;
  #onVault;
  /** @type {AbortController | null} While a code is being opened. */
  #opening = null;

  /**
   * @param {HTMLElement} $step
   * @param {{words: Words, onVault: (vault: Vault, signal: AbortSignal) => Promise<void>}} options -
   *   *onVault* takes over the keys of the code, unless *signal* says that they are not wanted any
   *   more; when it fails, the code stays in the field
   */
  constructor($step, { words, onVault }) {
    this.#$step = $step;
    this.#$code = find($step, "textarea", HTMLTextAreaElement);
    this.#words = words;
    this.#onVault = onVault;
    Vault.prepare();
    find($step, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#opening === null) void this.#open();
    });
    // Enter sends, as it does in a field of one line: a code has no lines.
    this.#$code.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      find($step, "form", HTMLFormElement).requestSubmit();
    });
  }

  /** Take the code off the page; what is being opened stays shut. */
  clear() {
    this.#opening?.abort();
    this.#opening = null;
    this.#$code.value = "";
    this.#say("");
    Vault.prepare();
  }

  async #open() {
    clearProblems(this.#$step);
    this.#$step.querySelector("[data-locked]")?.setAttribute("hidden", "");
    const typed = this.#$code.value;
    const secret = this.#read(typed);
    if (secret === null) return;
    const opening = new AbortController();
    this.#opening = opening;
    this.#say(this.#words.say("working"));
    const stopWaiting = whenSlow(() => this.#say(this.#words.say("slow")));
    try {
      const vault = await Vault.open(secret);
      if (opening.signal.aborted) vault.close();
      else await this.#onVault(vault, opening.signal);
      if (!opening.signal.aborted) this.clear();
    } catch (error) {
      if (opening.signal.aborted) return;
      this.#$code.value = typed;
      const text = `${this.#words.say(reasonWords(error))} ${this.#words.say("try_again")}`;
      showProblems(this.#$step, [{ text }]);
    } finally {
      stopWaiting();
      secret.fill(0);
      if (this.#opening === opening) {
        this.#opening = null;
        this.#say("");
      }
    }
  }

  /**
   * @param {string} typed
   * @returns {Uint8Array | null} null when it is no code; what is wrong is shown then
   */
  #read(typed) {
    try {
      if (typed.trim() !== "") return parse(typed).secret;
      this.#refuse(this.#words.say("code_missing"));
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
      this.#refuse(this.#explain(error));
    }
    return null;
  }

  /**
   * @param {CodeError} error
   * @returns {string}
   */
  #explain({ problem, form, position, entry, suggestions }) {
    if (problem === "check") return this.#words.say(`code_check_${form}`);
    const isLong = entry.length > MOST_SHOWN;
    const shown = isLong ? `${entry.slice(0, MOST_SHOWN)}…` : entry;
    const text = this.#words.say(`code_${problem}`, { position, entry: shown });
    if (suggestions.length === 0) return text;
    const listed = suggestions.join(", ");
    return `${text} ${this.#words.say("code_suggestions", { suggestions: listed })}`;
  }

  /**
   * @param {string} text
   */
  #refuse(text) {
    showProblems(this.#$step, [{ text, $field: this.#$code }]);
  }

  /**
   * @param {string} text
   */
  #say(text) {
    find(this.#$step, "[data-working]", HTMLElement).textContent = text;
  }
}
