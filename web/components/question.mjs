/**
 * A step that asks one thing with radio buttons.
 */

import { find } from "./elements.mjs";
import { clearProblems, showProblems } from "./error-summary.mjs";

/**
 * @param {HTMLElement} $step - holds a form with radio buttons
 * @param {{missing: string, onAnswer: (value: string) => void}} options - *missing* is said when
 *   nothing was chosen
 */
export function ask($step, { missing, onAnswer }) {
  const $form = find($step, "form", HTMLFormElement);
  $form.addEventListener("submit", (event) => {
    event.preventDefault();
    const $chosen = $form.querySelector("input:checked");
    if ($chosen instanceof HTMLInputElement) {
      clearProblems($step);
      onAnswer($chosen.value);
      return;
    }
    showProblems($step, [{ text: missing, $field: find($form, "input", HTMLInputElement) }]);
  });
}
