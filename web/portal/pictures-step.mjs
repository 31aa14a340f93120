/**
 * The step at which pictures are chosen and hashed.
 */

import { SLOTS } from "../code/vault.mjs";
import { find } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";
import { PictureList } from "../components/picture-list.mjs";
import { PictureError, PictureHasher } from "../pdq/hasher.mjs";
import { PictureSet } from "./picture-set.mjs";

/** @typedef {import("../components/words.mjs").Words} Words */
/** @typedef {import("./picture-set.mjs").Picture} Picture */

export class PicturesStep {
  #$step;
  #$files;
  #words;
  #set = new PictureSet(SLOTS);
  #list;
  // Made at once: from here on pictures can be hashed with the network cut.
  #hasher = new PictureHasher();

  /**
   * @param {HTMLElement} $step
   * @param {{words: Words, onContinue: () => void}} options
   */
  constructor($step, { words, onContinue }) {
    this.#$step = $step;
    this.#words = words;
    this.#$files = find($step, "input[type=file]", HTMLInputElement);
    this.#list = new PictureList(find($step, "[data-pictures]", HTMLElement), {
      words,
      onRemove: (/** @type {Picture} */ picture) => this.#remove(picture),
    });
    this.#$files.addEventListener("change", () => {
      this.#add([...(this.#$files.files ?? [])]);
      // The browser would keep the names, and would not notice the same file chosen again.
      this.#$files.value = "";
    });
    this.#takeDrops(find($step, "[data-drop]", HTMLElement));
    find($step, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const problem = this.#problem();
      if (problem) showProblems($step, [{ text: problem, $field: this.#$files }]);
      else onContinue();
    });
  }

  /** Whether there is something to protect, and nothing is being read any more. */
  get isReady() {
    return this.#problem() === null;
  }

  /** The pictures that can be protected, in order. */
  get ready() {
    return this.#set.ready;
  }

  get unusable() {
    return this.#set.unusable;
  }

  /** Forget all that was chosen. */
  forget() {
    this.#set.clear();
    this.#list.show([]);
    this.#say("");
  }

  /**
   * @returns {string | null} why one cannot go on
   */
  #problem() {
    if (this.#set.isBusy) return this.#words.say("still_reading");
    return this.#set.ready.length === 0 ? this.#words.say("choose_picture") : null;
  }

  /**
   * @param {File[]} files
   */
  #add(files) {
    clearProblems(this.#$step);
    const added = files.map((file) => ({ file, picture: this.#set.add(file.name) }));
    this.#list.show(this.#set.all);
    for (const { file, picture } of added) void this.#hash(file, picture);
  }

  /**
   * @param {File} file
   * @param {Picture} picture
   */
  async #hash(file, picture) {
    const onProgress = (/** @type {number} */ progress) => {
      picture.state = "reading";
      picture.progress = progress;
      this.#list.show(this.#set.all);
    };
    try {
      const hashed = await this.#hasher.hash(file, { onProgress });
      if (this.#set.has(picture)) this.#set.succeed(picture, hashed);
    } catch (error) {
      this.#set.fail(picture, error instanceof PictureError ? error.reason : "unreadable");
    }
    this.#list.show(this.#set.all);
    if (this.#set.isBusy) return;
    clearProblems(this.#$step);
    this.#sayHowMany();
  }

  /**
   * @param {Picture} picture
   */
  #remove(picture) {
    const place = this.#set.all.indexOf(picture);
    this.#set.remove(picture);
    const { all } = this.#set;
    this.#list.show(all);
    if (!this.#list.focusAt(Math.min(place, all.length - 1))) this.#$files.focus();
    this.#say(this.#words.say("removed", { name: picture.name }));
  }

  #sayHowMany() {
    const { ready, all } = this.#set;
    this.#say(all.length === 0 ? "" : this.#words.count("pictures_ready", ready.length));
  }

  /**
   * @param {string} text
   */
  #say(text) {
    find(this.#$step, "[data-picture-status]", HTMLElement).textContent = text;
  }

  /**
   * Pictures may be dropped here. Dropped beside it they are ignored: the browser would open the
   * picture in place of the page.
   *
   * @param {HTMLElement} $zone
   */
  #takeDrops($zone) {
    const over = (/** @type {boolean} */ isOver) => $zone.classList.toggle("over", isOver);
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(event.target instanceof Node && $zone.contains(event.target));
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      const isInside = event.target instanceof Node && $zone.contains(event.target);
      if (isInside) this.#add([...(event.dataTransfer?.files ?? [])]);
    });
  }
}
