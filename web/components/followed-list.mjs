/**
 * The protected pictures of a code, with what each platform did.
 */

import { make } from "./elements.mjs";
import { labelField } from "./label-field.mjs";
import { track } from "./track.mjs";

/** @typedef {import("./words.mjs").Words} Words */

/**
 * @typedef {object} PlatformStatus
 * @property {{text: string, isNews: boolean}[]} lines - sentences; news is what was found
 * @property {import("./track.mjs").Tone} tone
 * @property {1 | 2 | 3 | null} reached - told, looks out, found a copy; null where it has ended
 */

/**
 * @typedef {object} FollowedPicture
 * @property {number} number - as the person sees it, from 1
 * @property {"picture" | "video"} kind
 * @property {string} label - what she calls it, or ""
 * @property {string[]} lines - sentences about the protection itself
 * @property {PlatformStatus[]} platforms
 * @property {boolean} mayWithdraw
 */

/**
 * @template {FollowedPicture} Picture
 * @param {readonly Picture[]} pictures
 * @param {object} options
 * @param {Words} options.words
 * @param {(picture: Picture) => void} options.onWithdraw
 * @param {(picture: Picture, text: string) => void} options.onLabel - she calls it something else
 * @param {(label: string) => boolean} options.fits - whether that is short enough
 * @returns {HTMLElement[]} one element for each
 */
export function followedPictures(pictures, { words, onWithdraw, onLabel, fits }) {
  return pictures.map((picture) => {
    const { number, kind, label } = picture;
    const $picture = make("section", { className: "followed" });
    const $title = make("h2", { text: words.say(`${kind}_number`, { number }) });
    if (label !== "") $title.append(" · ", make("bdi", { text: label }));
    const $platforms = make("ul");
    $platforms.append(...picture.platforms.map(platform));
    $picture.append($title, ...picture.lines.map((text) => make("p", { text })));
    if (picture.platforms.length > 0) $picture.append($platforms);
    if (picture.mayWithdraw) {
      const text = words.say(`withdraw_${kind}`, { number });
      const $withdraw = make("button", { className: "link-button", text });
      $withdraw.type = "button";
      $withdraw.addEventListener("click", () => onWithdraw(picture));
      $picture.append(labelForm(picture, { words, onLabel, fits }), $withdraw);
    }
    return $picture;
  });
}

/**
 * @template {FollowedPicture} Picture
 * @param {Picture} picture
 * @param {object} options
 * @param {Words} options.words
 * @param {(picture: Picture, text: string) => void} options.onLabel
 * @param {(label: string) => boolean} options.fits
 * @returns {HTMLElement}
 */
function labelForm(picture, { words, onLabel, fits }) {
  const { $field, $input } = labelField(words, `label-${picture.number}`, fits);
  $input.value = picture.label;
  const $save = make("button", { className: "button secondary", text: words.say("save") });
  const $form = make("form");
  $form.append($field, $save);
  $form.addEventListener("submit", (event) => {
    event.preventDefault();
    onLabel(picture, $input.value);
  });
  const $details = make("details", { className: "relabel" });
  $details.append(make("summary", { text: words.say("change_label", { number: picture.number }) }), $form);
  return $details;
}

/**
 * @param {PlatformStatus} status
 * @returns {HTMLLIElement}
 */
function platform({ lines, tone, reached }) {
  const $item = make("li", { className: tone });
  if (reached !== null) $item.append(track(reached, tone));
  $item.append(
    ...lines.map(({ text, isNews }) => make("div", { text, className: isNews ? "news" : "" })),
  );
  return $item;
}
