/**
 * Fills the page of examples with what components make, in each of their states.
 */

import { find } from "../elements.mjs";
import { showProblems } from "../error-summary.mjs";
import { FileList } from "../file-list.mjs";
import { followedPictures } from "../followed-list.mjs";
import { Words } from "../words.mjs";

/** @typedef {import("../file-list.mjs").ListedFile} ListedFile */
/** @typedef {import("../followed-list.mjs").FollowedPicture} FollowedPicture */
/** @typedef {import("../followed-list.mjs").PlatformStatus} PlatformStatus */

const words = new Words(
  {
    label: "Your own word (you may leave this empty)",
    change_label: "Change your own word for number {number}",
    save: "Save",
    remove: "Remove",
    remove_named: "Remove {name}",
    picture_number: "Picture {number}",
    video_number: "Video {number}",
    withdraw_picture: "Withdraw picture {number}",
    withdraw_video: "Withdraw video {number}",
    unusable: "Cannot be used",
    same_as: "The same as number {number}",
    waiting: "Waiting…",
    reading: "Reading…",
    ready: "Ready",
    repeated: "Chosen twice",
    "reason_not-a-picture": "This is no picture.",
    video_unreadable: "Your browser cannot show this video. Only exactly this file will be recognised.",
  },
  "en",
);

/** @type {ListedFile} */
const waiting = {
  name: "IMG_1.jpg", kind: "picture", label: "", state: "waiting", progress: 0, reason: null, shortfall: null, sameAs: null,
};
/** @type {ListedFile} */
const ready = { ...waiting, name: "IMG_2.jpg", state: "ready", progress: 1 };
/** @type {ListedFile[]} */
const files = [
  waiting,
  { ...waiting, name: "a-film-with-a-very-long-name-that-has-no-space-in-it.mp4", kind: "video", state: "reading", progress: 0.4 },
  ready,
  { ...ready, name: "IMG_3.mp4", kind: "video", shortfall: "unreadable" },
  { ...waiting, name: "IMG_2 copy.jpg", state: "repeated", sameAs: ready },
  { ...waiting, name: "notes.txt", state: "unusable", reason: "not-a-picture" },
];
const fits = (/** @type {string} */ text) => text.length <= 64;
new FileList(find(document, "[data-files]", HTMLElement), {
  words, fits, onRemove: () => {}, onLabel: () => {},
}).show(files);

/** @type {PlatformStatus[]} */
const platforms = [
  { lines: [{ text: "Platform A has not fetched it yet.", isNews: false }], tone: "quiet", reached: 1 },
  { lines: [{ text: "Platform B has been looking out for it since 23 November 2026.", isNews: false }], tone: "quiet", reached: 2 },
  { lines: [{ text: "A possible copy was found. People at Platform C are looking at it.", isNews: true }], tone: "checking", reached: 3 },
  { lines: [{ text: "Platform D stopped a copy on 24 November 2026.", isNews: true }], tone: "stopped", reached: 3 },
];
/** @type {FollowedPicture} */
const picture = {
  number: 1, kind: "picture", label: "the red dress", lines: ["Protected since 23 November 2026."], platforms, mayWithdraw: true,
};
/** @type {FollowedPicture} */
const ended = {
  number: 2, kind: "video", label: "", lines: ["You withdrew it on 24 November 2026."], mayWithdraw: false,
  platforms: [{ lines: [{ text: "Platform B has confirmed it.", isNews: false }], tone: "quiet", reached: null }],
};
const $followed = followedPictures([picture, ended], { words, fits, onWithdraw: () => {}, onLabel: () => {} });
find(document, "[data-followed]", HTMLElement).append(...$followed);

const $form = find(document, "form", HTMLFormElement);
$form.addEventListener("submit", (event) => {
  event.preventDefault();
  const $field = find($form, "#text", HTMLInputElement);
  showProblems($form, [{ text: "Type something here.", $field }, { text: "And something that has no field." }]);
});
