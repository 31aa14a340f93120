/**
 * The list of chosen files: number, file name, progress, what she calls it, and a reason where one
 * cannot be used.
 *
 * No thumbnails: a person need not look at the pictures again, nor may somebody beside her.
 */

import { find, make } from "./elements.mjs";
import { labelField } from "./label-field.mjs";

/** @typedef {import("./words.mjs").Words} Words */

/**
 * @typedef {object} ListedFile
 * @property {string} name - of the file
 * @property {"picture" | "video"} kind
 * @property {string} label - what she calls it, or ""
 * @property {"waiting" | "reading" | "ready" | "repeated" | "unusable"} state
 * @property {number} progress - 0 to 1
 * @property {string | null} reason - why it is unusable
 * @property {string | null} shortfall - why not all of a video was read; it is protected all the same
 * @property {ListedFile | null} sameAs - the file that it repeats
 */

/**
 * @template {ListedFile} File
 */
export class FileList {
  #$list;
  #words;
  #onRemove;
  #onLabel;
  #fits;
  /** @type {Map<File, HTMLLIElement>} */
  #items = new Map();
  #made = 0;

  /**
   * @param {HTMLElement} $list
   * @param {object} options
   * @param {Words} options.words
   * @param {(file: File) => void} options.onRemove
   * @param {(file: File, text: string) => void} options.onLabel - she calls it something else
   * @param {(label: string) => boolean} options.fits - whether that is short enough
   */
  constructor($list, { words, onRemove, onLabel, fits }) {
    this.#$list = $list;
    this.#words = words;
    this.#onRemove = onRemove;
    this.#onLabel = onLabel;
    this.#fits = fits;
  }

  /**
   * Show these files as they are now. What has the focus keeps it.
   *
   * @param {readonly File[]} files
   */
  show(files) {
    for (const [file, $item] of this.#items) {
      if (files.includes(file)) continue;
      $item.remove();
      this.#items.delete(file);
    }
    /** @type {Map<ListedFile | null, number>} From 1, over those that can be protected. */
    const numbers = new Map();
    for (const file of files) {
      const mayBeProtected = file.state !== "unusable" && file.state !== "repeated";
      if (mayBeProtected) numbers.set(file, numbers.size + 1);
    }
    for (const file of files) this.#update(this.#itemOf(file), file, numbers);
    this.#$list.hidden = files.length === 0;
  }

  /**
   * Show how far one file is, without looking at the others.
   *
   * @param {File} file
   */
  showProgress(file) {
    const $item = this.#items.get(file);
    if ($item) this.#updateProgress($item, file);
  }

  /**
   * Move the focus to the button that removes the file at a place, if there is one.
   *
   * @param {number} place - 0-based
   * @returns {boolean}
   */
  focusAt(place) {
    const $button = this.#$list.children[place]?.querySelector("button");
    $button?.focus();
    return $button !== null && $button !== undefined;
  }

  /**
   * @param {File} file
   * @returns {HTMLLIElement}
   */
  #itemOf(file) {
    let $item = this.#items.get(file);
    if ($item) return $item;
    const name = file.name;
    $item = make("li", { className: "picture" });
    const $remove = make("button", { className: "link-button", text: this.#words.say("remove") });
    $remove.type = "button";
    $remove.setAttribute("aria-label", this.#words.say("remove_named", { name }));
    $remove.addEventListener("click", () => this.#onRemove(file));
    const $progress = make("progress");
    $progress.setAttribute("aria-label", name);
    const $file = make("p", { className: "picture-file" });
    $file.append(make("bdi", { text: name }));
    $item.append(
      make("p", { className: "picture-title" }),
      $file,
      make("p", { className: "picture-state" }),
      $progress,
      this.#labelOf(file),
      $remove,
    );
    this.#items.set(file, $item);
    this.#$list.append($item);
    return $item;
  }

  /**
   * @param {File} file
   * @returns {HTMLElement}
   */
  #labelOf(file) {
    this.#made += 1;
    const { $field, $input } = labelField(this.#words, `label-${this.#made}`, this.#fits);
    $input.setAttribute("aria-describedby", "label-hint");
    $input.addEventListener("input", () => this.#onLabel(file, $input.value));
    return $field;
  }

  /**
   * @param {HTMLLIElement} $item
   * @param {File} file
   * @param {Map<ListedFile | null, number>} numbers
   */
  #update($item, file, numbers) {
    const { state, kind, sameAs } = file;
    const number = numbers.get(state === "repeated" ? sameAs : file) ?? 0;
    const title = { unusable: "unusable", repeated: "same_as" }[String(state)] ?? `${kind}_number`;
    find($item, ".picture-title", HTMLElement).textContent = this.#words.say(title, { number });
    const $state = find($item, ".picture-state", HTMLElement);
    $state.textContent = this.#words.say(stateWords(file));
    $state.className = `picture-state ${state}${file.shortfall === null ? "" : " partly"}`;
    find($item, ".picture-label", HTMLElement).hidden = state !== "ready";
    this.#updateProgress($item, file);
  }

  /**
   * @param {HTMLLIElement} $item
   * @param {File} file
   */
  #updateProgress($item, { state, progress }) {
    const $progress = find($item, "progress", HTMLProgressElement);
    $progress.hidden = state !== "waiting" && state !== "reading";
    $progress.value = progress;
  }
}

/**
 * @param {ListedFile} file
 * @returns {string} key of the words for how it stands
 */
function stateWords({ state, kind, reason, shortfall }) {
  if (reason === "too-many") return "reason_too-many";
  if (reason !== null) return kind === "video" ? `video_${reason}` : `reason_${reason}`;
  return state === "ready" && shortfall !== null ? `video_${shortfall}` : state;
}
