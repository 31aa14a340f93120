/**
 * The names of the chosen files with the numbers that a person sees later in their place.
 */

import { make } from "../components/elements.mjs";

/**
 * @param {{name: string, kind: "picture" | "video", label: string}} file
 * @param {number} number - from 1
 * @param {import("../components/words.mjs").Words} words
 * @returns {HTMLLIElement}
 */
export function numbered({ name, kind, label }, number, words) {
  const $item = make("li", { text: words.say(`${kind}_number`, { number }) });
  for (const text of [label, name]) {
    if (text !== "") $item.append(" · ", make("bdi", { text }));
  }
  return $item;
}
