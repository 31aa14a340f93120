/**
 * A field for what she calls a picture or video: never longer than a note holds.
 */

import { fits } from "../code/note.mjs";
import { make } from "./elements.mjs";

/**
 * @param {import("./words.mjs").Words} words
 * @param {string} id
 * @returns {{$field: HTMLElement, $input: HTMLInputElement}}
 */
export function labelField(words, id) {
  const $label = make("label", { text: words.say("label") });
  $label.htmlFor = id;
  const $input = make("input");
  Object.assign($input, { id, type: "text", autocomplete: "off", spellcheck: false });
  $input.setAttribute("autocapitalize", "none");
  $input.setAttribute("autocorrect", "off");
  $input.addEventListener("input", () => {
    const letters = [...$input.value];
    while (!fits(letters.join(""))) letters.pop();
    if (letters.join("") !== $input.value) $input.value = letters.join("");
  });
  const $field = make("div", { className: "picture-label" });
  $field.append($label, $input);
  return { $field, $input };
}
