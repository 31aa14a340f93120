/**
 * Says how many steps the answers leave, for those who do not see the list change.
 *
 * The styles choose the steps; without this script nothing is missing but the number.
 */

import { find } from "../components/elements.mjs";
import { Words } from "../components/words.mjs";
import { onLeave } from "./exit.mjs";

const words = Words.fromPage("words");
const $form = find(document, "form", HTMLFormElement);
const $count = find($form, "[data-plan-count]", HTMLElement);
const $steps = [...$form.querySelectorAll(".plan > li")];

$form.addEventListener("change", () => {
  const shown = $steps.filter(($step) => $step.checkVisibility()).length;
  $count.textContent = words.count("steps", shown);
});
onLeave(() => $form.reset());
