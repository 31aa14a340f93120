/**
 * The names of the chosen files with the numbers that a person sees later in their place.
 */

import { make } from "../components/elements.mjs";

/**
 * @param {string} name - of the file
 * @param {number} number - from 1
 * @param {import("../components/words.mjs").Words} words
 * @returns {HTMLLIElement}
 */
export function numbered(name, number, words) {
  const $item = make("li", { text: `${words.say("picture_number", { number })} · ` });
  $item.append(make("bdi", { text: name }));
  return $item;
}
