/**
 * The list of chosen pictures: number, file name, progress, and a reason where one cannot be used.
 *
 * No thumbnails: a person need not look at the pictures again, nor may somebody beside her.
 */

import { find, make } from "./elements.mjs";

/** @typedef {import("./words.mjs").Words} Words */

/**
 * @typedef {object} ListedPicture
 * @property {string} name - of its file
 * @property {"waiting" | "reading" | "ready" | "repeated" | "unusable"} state
 * @property {number} progress - 0 to 1
 * @property {string | null} reason - why it is unusable
 * @property {ListedPicture | null} sameAs - the picture that it repeats
 */

/**
 * @template {ListedPicture} Picture
 */
export class PictureList {
  #$list;
  #words;
  #onRemove;
  /** @type {Map<Picture, HTMLLIElement>} */
  #items = new Map();

  /**
   * @param {HTMLElement} $list
   * @param {{words: Words, onRemove: (picture: Picture) => void}} options
   */
  constructor($list, { words, onRemove }) {
    this.#$list = $list;
    this.#words = words;
    this.#onRemove = onRemove;
  }

  /**
   * Show these pictures as they are now. What has the focus keeps it.
   *
   * @param {readonly Picture[]} pictures
   */
  show(pictures) {
    for (const [picture, $item] of this.#items) {
      if (pictures.includes(picture)) continue;
      $item.remove();
      this.#items.delete(picture);
    }
    /** @type {Map<ListedPicture | null, number>} From 1, over those that can be protected. */
    const numbers = new Map();
    for (const picture of pictures) {
      const mayBeProtected = picture.state !== "unusable" && picture.state !== "repeated";
      if (mayBeProtected) numbers.set(picture, numbers.size + 1);
    }
    for (const picture of pictures) this.#update(this.#itemOf(picture), picture, numbers);
    this.#$list.hidden = pictures.length === 0;
  }

  /**
   * Move the focus to the button that removes the picture at a place, if there is one.
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
   * @param {Picture} picture
   * @returns {HTMLLIElement}
   */
  #itemOf(picture) {
    let $item = this.#items.get(picture);
    if ($item) return $item;
    const name = picture.name;
    $item = make("li", { className: "picture" });
    const $remove = make("button", { className: "link-button", text: this.#words.say("remove") });
    $remove.type = "button";
    $remove.setAttribute("aria-label", this.#words.say("remove_named", { name }));
    $remove.addEventListener("click", () => this.#onRemove(picture));
    const $progress = make("progress");
    $progress.setAttribute("aria-label", name);
    const $file = make("p", { className: "picture-file" });
    $file.append(make("bdi", { text: name }));
    $item.append(
      make("p", { className: "picture-title" }),
      $file,
      make("p", { className: "picture-state" }),
      $progress,
      $remove,
    );
    this.#items.set(picture, $item);
    this.#$list.append($item);
    return $item;
  }

  /**
   * @param {HTMLLIElement} $item
   * @param {Picture} picture
   * @param {Map<ListedPicture | null, number>} numbers
   */
  #update($item, picture, numbers) {
    const { state, reason, progress, sameAs } = picture;
    const $title = find($item, ".picture-title", HTMLElement);
    const $state = find($item, ".picture-state", HTMLElement);
    const $progress = find($item, "progress", HTMLProgressElement);
    const number = numbers.get(state === "repeated" ? sameAs : picture) ?? 0;
    const title = { unusable: "unusable", repeated: "same_as" }[String(state)] ?? "picture_number";
    $title.textContent = this.#words.say(title, { number });
    $state.textContent = this.#words.say(reason === null ? state : `reason_${reason}`);
    $state.className = `picture-state ${state}`;
    $progress.hidden = state !== "waiting" && state !== "reading";
    $progress.value = progress;
  }
}
