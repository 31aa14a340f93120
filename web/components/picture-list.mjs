/**
 * The list of chosen pictures: number, file name, progress, and a reason where one cannot be used.
 *
 * No thumbnails: a person need not look at the pictures again, nor may somebody beside her.
 */

import { find, make } from "./elements.mjs";

/** @typedef {import("../portal/picture-set.mjs").Picture} Picture */
/** @typedef {import("./words.mjs").Words} Words */

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
    let number = 0;
    for (const picture of pictures) {
      if (picture.state !== "unusable") number += 1;
      this.#update(this.#itemOf(picture), picture, number);
    }
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
   * @param {number} number - from 1, over those that can be protected
   */
  #update($item, picture, number) {
    const { state, reason, progress } = picture;
    const $title = find($item, ".picture-title", HTMLElement);
    const $state = find($item, ".picture-state", HTMLElement);
    const $progress = find($item, "progress", HTMLProgressElement);
    $title.textContent =
      state === "unusable"
        ? this.#words.say("unusable")
        : this.#words.say("picture_number", { number });
    $state.textContent = this.#words.say(reason === null ? state : `reason_${reason}`);
    $state.className = `picture-state ${state}`;
    $progress.hidden = state === "ready" || state === "unusable";
    $progress.value = progress;
  }
}
