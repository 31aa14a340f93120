/**
 * How far one thing has come, as a picture: three stations on a line.
 *
 * For the eyes only: the sentences beside it say the same, and more.
 */

import { make } from "./elements.mjs";

const SVG = "http://www.w3.org/2000/svg";

/** Wide, high, the middle of the first station, and how far it is to the next. */
const WIDTH = 176;
const HEIGHT = 20;
const FIRST = 10;
const STEP = 78;
const RADIUS = 7;

/** @typedef {"stopped" | "checking" | "quiet"} Tone - of the last station that is reached */

/** @type {Record<Tone, string>} */
const LAST = { stopped: "track-stopped", checking: "track-checking", quiet: "track-on" };

/**
 * @param {1 | 2 | 3} reached - the last station that is reached
 * @param {Tone} tone
 * @returns {HTMLElement}
 */
export function track(reached, tone) {
  const $svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" });
  const stations = [1, 2, 3].map((station) => FIRST + (station - 1) * STEP);
  const middle = HEIGHT / 2;
  for (const [place, x] of stations.slice(1).entries()) {
    const isReached = place + 2 <= reached;
    $svg.append(draw("path", { class: isReached ? "track-on" : "track-off", d: `M${x - STEP + RADIUS} ${middle}H${x - RADIUS}` }));
  }
  for (const [place, x] of stations.entries()) {
    const kind = place + 1 > reached ? "track-off" : place === 2 ? LAST[tone] : "track-on";
    $svg.append(draw("circle", { class: kind, cx: x, cy: middle, r: RADIUS }));
  }
  const $track = make("div", { className: "track" });
  $track.append($svg);
  return $track;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElement}
 */
function draw(tag, attributes) {
  const $made = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) $made.setAttribute(name, String(value));
  return $made;
}
