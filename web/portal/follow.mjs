/**
 * The following page: a code opens it, ten idle minutes close it.
 *
 * The code is checked on the device; the server is asked only when it is a possible one, and it
 * gets tokens made from the code, never the code.
 */

import { fits } from "../code/note.mjs";
import { find, make } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";
import { followedPictures } from "../components/followed-list.mjs";
import { IdleLock } from "../components/idle-lock.mjs";
import { Steps } from "../components/steps.mjs";
import { Words } from "../components/words.mjs";
import { label, news, read, renew, whenSlow, withdraw } from "./api.mjs";
import { EntryStep } from "./entry-step.mjs";
import { onLeave, setDepth } from "./exit.mjs";
import { reasonWords } from "./failure.mjs";
import { NewsChoice } from "./news-choice.mjs";
import { question, withDummies, withNotes } from "./slots.mjs";
import { standing } from "./standing.mjs";
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
/** Only where the operator sends e-mails. */
const newsChoice =
  $pictures.querySelector("[data-news]") === null
    ? null
    : new NewsChoice($pictures, { words, onWish: (wish) => void tell(wish) });

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
onClick($pictures, "[data-renew]", () => void renewAll());
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
  newsChoice?.clear();
  vault?.close();
  vault = null;
  pictures = [];
  chosen = [];
  isBusy = false;
  find($pictures, "[data-standing]", HTMLElement).replaceChildren();
  find($pictures, "[data-pictures]", HTMLElement).replaceChildren();
  find($withdraw, "[data-withdraw-title]", HTMLElement).textContent = "";
  notice("");
}

/**
 * @param {Vault} opened
 * @param {AbortSignal} signal - says that what it opens is not wanted any more
 * @throws {import("./api.mjs").RequestError} then nothing stays open
 */
async function open(opened, signal) {
  let answer;
  try {
    answer = await ask(opened);
  } catch (error) {
    opened.close();
    throw error;
  }
  if (signal.aborted) {
    opened.close();
    return;
  }
  vault = opened;
  show(answer);
  notice("");
  clearProblems($pictures);
  steps.show("pictures");
  idle.start();
}

/**
 * Ask the server how things stand.
 *
 * @param {Vault} opened
 * @returns {Promise<PictureStatus[]>}
 * @throws {import("./api.mjs").RequestError}
 */
async function ask(opened) {
  const { tokens, inSlotOrder } = question(opened.tokens());
  const slots = inSlotOrder(await read(tokens));
  const labels = await Promise.all(slots.map(({ note }, slot) => opened.openNote(slot, note)));
  return pictureStatuses(slots, words, labels);
}

/**
 * @param {PictureStatus[]} answer
 */
function show(answer) {
  pictures = answer;
  const $list = followedPictures(pictures, {
    words,
    onWithdraw: (picture) => askToWithdraw([picture]),
    onLabel: (picture, text) => void relabel(picture, text),
    fits,
  });
  find($pictures, "[data-pictures]", HTMLElement).replaceChildren(...$list);
  const $standing = standing(pictures, words).map((text) => make("p", { text }));
  find($pictures, "[data-standing]", HTMLElement).replaceChildren(...$standing);
  find($pictures, "[data-empty]", HTMLElement).hidden = pictures.length > 0;
  find($pictures, "[data-withdraw-all]", HTMLElement).hidden = withdrawable().length < 2;
  find($pictures, "[data-longer]", HTMLElement).hidden = withdrawable().length === 0;
  newsChoice?.show(withdrawable().map(({ news }) => news));
}

function withdrawable() {
  return pictures.filter(({ mayWithdraw }) => mayWithdraw);
}

async function refresh() {
  await busy($pictures, "[data-refreshing]", "looking", async (opened) => {
    notice("");
    const answer = await ask(opened);
    if (vault === opened) show(answer);
    return "looked";
  });
}

async function renewAll() {
  await busy($pictures, "[data-refreshing]", "renewing", async (opened) => {
    const slots = withdrawable().map(({ slot }) => slot);
    const $years = find($pictures, "[data-years]", HTMLSelectElement);
    const years = /** @type {import("./api.mjs").Years} */ (Number($years.value));
    await renew(withDummies(opened.tokens(), slots), years);
    const answer = await ask(opened);
    if (vault === opened) show(answer);
    return "renewed";
  });
}

/**
 * @param {import("./news-choice.mjs").Wish} wish
 */
async function tell(wish) {
  await busy($pictures, "[data-refreshing]", "saving", async (opened) => {
    const slots = withdrawable().map(({ slot }) => slot);
    await news(withDummies(opened.tokens(), slots), wish);
    newsChoice?.clear();
    const answer = await ask(opened);
    if (vault === opened) show(answer);
    return wish.address === null ? "news_stopped" : `news_${wish.rhythm}`;
  });
}

/**
 * @param {PictureStatus} picture
 * @param {string} text - what she calls it now
 */
async function relabel({ slot }, text) {
  await busy($pictures, "[data-refreshing]", "saving", async (opened) => {
    const note = await opened.sealNote(slot, text);
    const { tokens, notes } = withNotes(opened.tokens(), new Map([[slot, note]]));
    await label(tokens, notes);
    const answer = await ask(opened);
    if (vault === opened) show(answer);
    return "saved";
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
      ? words.say(`withdraw_${asked[0].kind}_title`, { number: asked[0].number })
      : words.say("withdraw_all_title");
  steps.show("withdraw");
}

async function withdrawChosen() {
  await busy($withdraw, "[data-withdrawing]", "withdrawing", async (opened) => {
    const asked = chosen;
    await withdraw(withDummies(opened.tokens(), asked.map(({ slot }) => slot)));
    if (vault !== opened) return "";
    notice(words.say("withdrawn_notice"));
    // She may have gone back herself by now, or on to the next question.
    if (steps.current === "withdraw" && chosen === asked) history.back();
    try {
      const answer = await ask(opened);
      if (vault === opened) show(answer);
    } catch (error) {
      // The withdrawal is done, but how things stand now is not known.
      if (vault === opened) showProblems($pictures, [{ text: words.say(reasonWords(error)) }]);
    }
    return "";
  });
}

/**
 * Do one thing at a time, say that it is under way, and say plainly when it did not work: on the
 * step where she is by then. Locked meanwhile, nothing is said.
 *
 * @param {HTMLElement} $step
 * @param {string} selector - where to say that it is under way
 * @param {string} key - words for that
 * @param {(opened: Vault) => Promise<string>} act - gives the words to say when it is done, or ""
 */
async function busy($step, selector, key, act) {
  if (isBusy || vault === null) return;
  isBusy = true;
  const opened = vault;
  const $status = find($step, selector, HTMLElement);
  $status.textContent = words.say(key);
  clearProblems($step);
  const stopWaiting = whenSlow(() => {
    if (vault === opened) $status.textContent = words.say("slow");
  });
  let done = "";
  try {
    done = await act(opened);
  } catch (error) {
    const text = `${words.say(reasonWords(error))} ${words.say("try_again")}`;
    if (vault === opened) showProblems(steps.section(steps.current), [{ text }]);
  } finally {
    stopWaiting();
    const isOpen = vault === opened;
    if (isOpen) isBusy = false;
    $status.textContent = isOpen && done !== "" ? words.say(done) : "";
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
