/**
 * The form in which somebody fills in what a notice needs, and the notice itself.
 */

import { find, make } from "../components/elements.mjs";
import { missingIn, notice } from "./notice.mjs";

/** @typedef {import("./notice.mjs").Language} Language */
/** @typedef {import("../components/words.mjs").Words} Words */

/**
 * To whom a notice goes, and about what.
 *
 * @typedef {object} Recipient
 * @property {string} name - of the platform
 * @property {readonly string[]} addresses - as she pasted them
 * @property {ReadonlySet<string>} bound - laws that bind it
 */

/** @type {Recipient} */
const NOBODY = { name: "", addresses: [], bound: new Set() };

export class NoticeForm {
  #$section;
  #words;
  #parts;
  #laws;
  /** @type {readonly Recipient[]} */
  #recipients = [NOBODY];

  /**
   * @param {HTMLElement} $section - of `removal.html`
   * @param {object} options
   * @param {Words} options.words
   * @param {Readonly<Record<string, import("./notice.mjs").Text>>} options.parts
   * @param {readonly import("./notice.mjs").Citation[]} options.laws
   */
  constructor($section, { words, parts, laws }) {
    this.#$section = $section;
    this.#words = words;
    this.#parts = parts;
    this.#laws = laws;
    this.#field("notice-day").value = new Date().toISOString().slice(0, "2026-11-24".length);
    this.#field("notice-language").value = document.documentElement.lang;
    $section.addEventListener("input", () => this.#write());
    find($section, "[data-copy]", HTMLElement).addEventListener("click", () => void this.#copy());
    $section.hidden = false;
    this.#write();
  }

  /**
   * @param {readonly Recipient[]} recipients - each gets a notice of its own
   */
  to(recipients) {
    this.#recipients = recipients.length > 0 ? recipients : [NOBODY];
    const $for = /** @type {HTMLSelectElement} */ (this.#field("notice-for"));
    const chosen = $for.selectedOptions[0]?.text;
    $for.replaceChildren(...this.#recipients.map(({ name }) => make("option", { text: name })));
    const place = this.#recipients.findIndex(({ name }) => name === chosen);
    $for.selectedIndex = Math.max(0, place);
    find(this.#$section, "[data-notice-for]", HTMLElement).hidden = recipients.length < 2;
    this.#write();
  }

  /** Take what she typed off the page. */
  clear() {
    find(this.#$section, "form", HTMLFormElement).reset();
    this.#recipients = [NOBODY];
    find(this.#$section, "#notice", HTMLTextAreaElement).value = "";
  }

  #write() {
    const answers = this.#answers();
    const language = /** @type {Language} */ (this.#field("notice-language").value);
    const $notice = find(this.#$section, "#notice", HTMLTextAreaElement);
    $notice.value = notice(this.#parts, this.#laws, answers, language);
    $notice.lang = language;
    const missing = missingIn(answers).map((what) => this.#words.say(`missing_${what}`));
    find(this.#$section, "[data-missing]", HTMLElement).textContent =
      missing.length === 0
        ? this.#words.say("complete")
        : this.#words.say("missing", { names: missing.join(", ") });
    find(this.#$section, "[data-copied]", HTMLElement).textContent = "";
  }

  /**
   * @returns {import("./notice.mjs").Answers}
   */
  #answers() {
    const $for = /** @type {HTMLSelectElement} */ (this.#field("notice-for"));
    const { addresses, bound } = this.#recipients[$for.selectedIndex] ?? NOBODY;
    return {
      role: /** @type {"self" | "helper"} */ (this.#field("notice-role").value),
      form: /** @type {import("./notice.mjs").Form} */ (this.#field("notice-form").value),
      day: this.#field("notice-day").value || new Date().toISOString(),
      addresses,
      name: this.#field("notice-name").value.trim(),
      email: this.#field("notice-email").value.trim(),
      bound,
    };
  }

  async #copy() {
    let key = "notice_copied";
    try {
      await navigator.clipboard.writeText(find(this.#$section, "#notice", HTMLTextAreaElement).value);
    } catch {
      key = "notice_not_copied";
    }
    find(this.#$section, "[data-copied]", HTMLElement).textContent = this.#words.say(key);
  }

  /**
   * @param {string} id
   * @returns {HTMLInputElement | HTMLSelectElement}
   */
  #field(id) {
    const $field = this.#$section.querySelector(`#${id}`);
    if ($field instanceof HTMLInputElement || $field instanceof HTMLSelectElement) return $field;
    throw new Error(`The page lacks the field ${id}.`);
  }
}
