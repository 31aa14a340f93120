/**
 * The self-test: hashes a picture with the code that protects pictures, and lists all that the
 * browser fetched before and meanwhile, by the browser's own account.
 */

import { find, make } from "../components/elements.mjs";
import { Words } from "../components/words.mjs";
import { PictureHasher } from "../pdq/hasher.mjs";
import { PictureError } from "../pdq/picture-error.mjs";
import { onLeave } from "./exit.mjs";

const SIZE = 512;
const CELLS = 16;
/** Longest until the browser has noted what was fetched last. */
const NOTED_MS = 200;

const words = Words.fromPage("words");
const hasher = new PictureHasher();
const $result = find(document, "[data-check-result]", HTMLElement);
const $hash = find(document, "[data-check-hash]", HTMLElement);
const $requests = find(document, "[data-check-requests]", HTMLElement);
const $status = find(document, "[data-check-status]", HTMLElement);
const $file = find(document, "#check-file", HTMLInputElement);

find(document, "[data-check-draw]", HTMLButtonElement).addEventListener("click", () => {
  void check(drawnPicture());
});
$file.addEventListener("change", () => {
  const [file] = $file.files ?? [];
  if (file !== undefined) void check(file);
  $file.value = "";
});
onLeave(() => hasher.close());
find(document, "[data-needs-script]", HTMLElement).hidden = true;
find(document, "[data-check]", HTMLElement).hidden = false;

/**
 * @returns {Promise<Blob>} squares of many colours; never the same twice
 */
async function drawnPicture() {
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const side = SIZE / CELLS;
  const colours = crypto.getRandomValues(new Uint8Array(CELLS * CELLS * 3));
  for (let i = 0; i < CELLS * CELLS; i += 1) {
    const [red, green, blue] = colours.subarray(3 * i);
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    context.fillRect((i % CELLS) * side, Math.floor(i / CELLS) * side, side, side);
  }
  return canvas.convertToBlob();
}

/**
 * @param {Blob | Promise<Blob>} picture
 */
async function check(picture) {
  const startedMs = performance.now();
  $result.hidden = true;
  $status.textContent = words.say("checking");
  try {
    $hash.textContent = (await hasher.hash(await picture)).hash;
  } catch (error) {
    $status.textContent = words.say(error instanceof PictureError ? "check_unusable" : "failed");
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, NOTED_MS));
  const requests = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType("resource"));
  const during = requests.filter(({ startTime }) => startTime >= startedMs).length;
  $requests.replaceChildren(...requests.map((request) => row(request, startedMs)));
  $result.hidden = false;
  $status.textContent = during === 0 ? words.say("check_none") : words.count("check_some", during);
}

/**
 * @param {PerformanceResourceTiming} request
 * @param {number} startedMs
 * @returns {HTMLLIElement} its address, when, and how much came
 */
function row({ name, startTime, transferSize }, startedMs) {
  const $row = make("li");
  const when = words.say(startTime < startedMs ? "check_before" : "check_meanwhile");
  const text = words.say("check_request", { when, size: transferSize });
  $row.append(make("code", { text: new URL(name).pathname }), ` ${text}`);
  return $row;
}
