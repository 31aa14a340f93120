/**
 * The choice to be told by e-mail. What she types stays on the page until she asks for it.
 */

import { find } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";

/** @typedef {import("./answer.mjs").Rhythm} Rhythm */
/** @typedef {import("../components/words.mjs").Words} Words */

/**
 * @typedef {object} Wish
 * @property {string | null} address - null for no e-mails
 * @property {Rhythm} rhythm
 * @property {string} language
 */

/** Parts without what has a meaning of its own in addresses; the server looks closer. */
const ADDRESS = /^[^\s"(),:;<>@[\\\].]+(\.[^\s"(),:;<>@[\\\].]+)*@([a-z0-9-]+\.)+[a-z0-9-]{2,}$/i;

export class NewsChoice {
  #$details;
  #$step;
  #$address;
  #words;

  /**
   * @param {HTMLElement} $step - holds a `[data-news]` and a `[data-error-summary]`
   * @param {object} options
   * @param {Words} options.words
   * @param {(wish: Wish) => void} options.onWish
   */
  constructor($step, { words, onWish }) {
    this.#$step = $step;
    this.#words = words;
    this.#$details = find($step, "[data-news]", HTMLElement);
    this.#$address = find(this.#$details, "#address", HTMLInputElement);
    const $rhythm = find(this.#$details, "#rhythm", HTMLSelectElement);
    /** @param {string | null} address */
    const wish = (address) => ({
      address,
      rhythm: /** @type {Rhythm} */ ($rhythm.value),
      language: document.documentElement.lang,
    });
    find(this.#$details, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const address = this.#checked();
      if (address !== null) onWish(wish(address));
    });
    this.#$stop.addEventListener("click", () => onWish(wish(null)));
  }

  /**
   * Say how it is now.
   *
   * @param {readonly (Rhythm | null)[]} rhythms - of each protection that counts
   */
  show(rhythms) {
    const kinds = new Set(rhythms);
    const [only] = kinds;
    const key = kinds.size > 1 ? "news_some" : `news_${only ?? "none"}`;
    find(this.#$details, "[data-news-now]", HTMLElement).textContent = this.#words.say(key);
    this.#$stop.hidden = key === "news_none";
    this.#$details.hidden = rhythms.length === 0;
  }

  /**
   * Take what she typed off the page.
   */
  clear() {
    this.#$address.value = "";
    this.#$details.removeAttribute("open");
  }

  get #$stop() {
    return find(this.#$details, "[data-news-stop]", HTMLElement);
  }

  /**
   * @returns {string | null} null when it is none, which is said
   */
  #checked() {
    const address = this.#$address.value.trim();
    clearProblems(this.#$step);
    if (ADDRESS.test(address)) return address;
    const key = address === "" ? "address_missing" : "address_wrong";
    showProblems(this.#$step, [{ text: this.#words.say(key), $field: this.#$address }]);
    return null;
  }
}
