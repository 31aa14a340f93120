/**
 * What is wrong with the answers on a step: a list at its top, and a line at each field.
 */

import { find, make } from "./elements.mjs";

/**
 * @typedef {object} Problem
 * @property {string} text - what is wrong and what to do
 * @property {HTMLElement} [$field] - where to put it right
 */

/**
 * Show what is wrong and move there, so that it is read out.
 *
 * @param {HTMLElement} $step - holds a `[data-error-summary]`
 * @param {Problem[]} problems - at least one
 */
export function showProblems($step, problems) {
  clearProblems($step);
  const $summary = find($step, "[data-error-summary]", HTMLElement);
  find($summary, "ul", HTMLElement).replaceChildren(...problems.map(item));
  for (const { text, $field } of problems) if ($field) mark($field, text);
  $summary.hidden = false;
  $summary.focus();
}

/**
 * @param {HTMLElement} $step
 */
export function clearProblems($step) {
  const $summary = find($step, "[data-error-summary]", HTMLElement);
  $summary.hidden = true;
  find($summary, "ul", HTMLElement).replaceChildren();
  for (const $field of $step.querySelectorAll("[aria-invalid]")) {
    $field.removeAttribute("aria-invalid");
    const $message = document.getElementById(`${$field.id}-error`);
    if ($message) $message.hidden = true;
  }
}

/**
 * @param {Problem} problem
 * @returns {HTMLLIElement}
 */
function item({ text, $field }) {
  const $item = make("li");
  if (!$field) {
    $item.textContent = text;
    return $item;
  }
  const $link = make("a", { text });
  $link.href = `#${$field.id}`;
  // Followed here rather than by the browser: the address must not change.
  $link.addEventListener("click", (event) => {
    event.preventDefault();
    $field.focus();
  });
  $item.append($link);
  return $item;
}

/**
 * @param {HTMLElement} $field
 * @param {string} text
 */
function mark($field, text) {
  $field.setAttribute("aria-invalid", "true");
  const $message = document.getElementById(`${$field.id}-error`);
  if (!$message) return;
  $message.textContent = text;
  $message.hidden = false;
}
