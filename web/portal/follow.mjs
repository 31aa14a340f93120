/**
 * The following page: a code opens it, ten idle minutes close it.
 *
 * The code is checked on the device; the server is asked only when it is a possible one, and it
 * gets tokens made from the code, never the code.
 */

import { find } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";
import { followedPictures } from "../components/followed-list.mjs";
import { IdleLock } from "../components/idle-lock.mjs";
import { Steps } from "../components/steps.mjs";
import { Words } from "../components/words.mjs";
import { read, withdraw } from "./api.mjs";
import { EntryStep } from "./entry-step.mjs";
import { onLeave, setDepth } from "./exit.mjs";
import { reasonWords } from "./failure.mjs";
import { question, withDummies } from "./slots.mjs";
import { pictureStatuses } from "./status.mjs";

/** @typedef {import("../code/vault.mjs").Vault} Vault */
/** @typedef {import("./status.mjs").PictureStatus} PictureStatus */

const IDLE_MS = 10 * 60 * 1000;

const words = Words.fromPage("words");
const steps = new Steps(find(document, "[data-steps]", HTMLElement), "enter");
const $pictures = steps.section("pictures");
const $withdraw = steps.section("withdraw");
const idle = new IdleLock(IDLE_MS, () => {
  lock();
  find(steps.section("enter"), "[data-locked]", HTMLElement).hidden = false;
  steps.restart();
});
const entry = new EntryStep(steps.section("enter"), { words, onVault: open });

/** @type {Vault | null} */
let vault = null;
/** @type {PictureStatus[]} */
let pictures = [];
/** @type {PictureStatus[]} What the withdrawing step asks about. */
let chosen = [];
let isBusy = false;

steps.allow = (name) => (vault === null ? "enter" : name);
steps.onShow = (name) => {
  if (name === "enter") lock();
};
setDepth(() => steps.depth);
onLeave(() => {
  steps.stop();
  lock();
});
onClick($pictures, "[data-refresh]", () => void refresh());
onClick($pictures, "[data-lock]", () => steps.restart());
onClick($pictures, "[data-withdraw-all]", () => askToWithdraw(withdrawable()));
onClick($withdraw, "[data-withdraw-yes]", () => void withdrawChosen());
find(document, "[data-needs-script]", HTMLElement).hidden = true;

/**
 * @param {ParentNode} $root
 * @param {string} selector
 * @param {() => void} act
 */
function onClick($root, selector, act) {
  find($root, selector, HTMLElement).addEventListener("click", act);
}

/**
 * Wipe what the code opened. Harmless when nothing is open.
 */
function lock() {
  idle.stop();
  entry.clear();
  vault?.close();
  vault = null;
  pictures = [];
  chosen = [];
  find($pictures, "[data-pictures]", HTMLElement).replaceChildren();
  notice("");
}

/**
 * @param {Vault} opened
 * @throws {import("./api.mjs").RequestError} then nothing stays open
 */
async function open(opened) {
  vault = opened;
  try {
    await load();
  } catch (error) {
    lock();
    throw error;
  }
  notice("");
  clearProblems($pictures);
  steps.show("pictures");
  idle.start();
}

/**
 * Ask the server how things stand, and show it.
 *
 * @throws {import("./api.mjs").RequestError}
 */
async function load() {
  if (vault === null) return;
  const { tokens, inSlotOrder } = question(vault.tokens());
  const slots = inSlotOrder(await read(tokens));
  // Locked while the answer was on its way: show nothing.
  if (vault === null) return;
  pictures = pictureStatuses(slots, words);
  const $list = followedPictures(pictures, { words, onWithdraw: (picture) => askToWithdraw([picture]) });
  find($pictures, "[data-pictures]", HTMLElement).replaceChildren(...$list);
  find($pictures, "[data-empty]", HTMLElement).hidden = pictures.length > 0;
  find($pictures, "[data-withdraw-all]", HTMLElement).hidden = withdrawable().length < 2;
}

function withdrawable() {
  return pictures.filter(({ mayWithdraw }) => mayWithdraw);
}

async function refresh() {
  await busy($pictures, "[data-refreshing]", "looking", async () => {
    notice("");
    await load();
    return "looked";
  });
}

/**
 * @param {PictureStatus[]} asked - at least one
 */
function askToWithdraw(asked) {
  chosen = asked;
  notice("");
  clearProblems($withdraw);
  find($pictures, "[data-refreshing]", HTMLElement).textContent = "";
  find($withdraw, "[data-withdraw-title]", HTMLElement).textContent =
    asked.length === 1
      ? words.say("withdraw_title", { number: asked[0].number })
      : words.say("withdraw_all_title");
  steps.show("withdraw");
}

async function withdrawChosen() {
  await busy($withdraw, "[data-withdrawing]", "withdrawing", async () => {
    if (vault === null) return "";
    await withdraw(withDummies(vault.tokens(), chosen.map(({ slot }) => slot)));
    notice(words.say("withdrawn_notice"));
    history.back();
    await load().catch(showStale);
    return "";
  });
}

/**
 * The withdrawal is done, but how things stand now is not known.
 *
 * @param {unknown} error
 */
function showStale(error) {
  const text = words.say(reasonWords(error));
  if (vault !== null) showProblems($pictures, [{ text }]);
}

/**
 * Do one thing at a time, say that it is under way, and say plainly when it did not work.
 *
 * @param {HTMLElement} $step
 * @param {string} selector - where to say that it is under way
 * @param {string} key - words for that
 * @param {() => Promise<string>} act - gives the words to say when it is done, or ""
 */
async function busy($step, selector, key, act) {
  if (isBusy) return;
  isBusy = true;
  const $status = find($step, selector, HTMLElement);
  $status.textContent = words.say(key);
  clearProblems($step);
  let done = "";
  try {
    done = await act();
  } catch (error) {
    const text = `${words.say(reasonWords(error))} ${words.say("try_again")}`;
    if (vault !== null) showProblems($step, [{ text }]);
  } finally {
    isBusy = false;
    $status.textContent = done === "" ? "" : words.say(done);
  }
}

/**
 * @param {string} text - empty for none
 */
function notice(text) {
  const $notice = find($pictures, "[data-notice]", HTMLElement);
  $notice.textContent = text;
  $notice.hidden = text === "";
}
