/**
 * A field for what she calls a picture or video: never longer than what it is kept in.
 */

import { make } from "./elements.mjs";

/**
 * @param {import("./words.mjs").Words} words
 * @param {string} id
 * @param {(text: string) => boolean} fits - whether a text is short enough
 * @returns {{$field: HTMLElement, $input: HTMLInputElement}}
 */
export function labelField(words, id, fits) {
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
