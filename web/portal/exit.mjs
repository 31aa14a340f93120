/**
 * "Leave this page": the link works without this script; with it, the page is covered and wiped at
 * once, other tabs leave too, and Back does not come back (returned.mjs).
 *
 * It does not and cannot clear the history; the page says so.
 */

import { find } from "../components/elements.mjs";
import { Words } from "../components/words.mjs";
import "./workers.mjs";

/** Shift pressed three times within five seconds, nothing else between. Source: GOV.UK Frontend, "Exit this page". */
const PRESSES = 3;
const WITHIN_MS = 5_000;
/** Every link to it leaves; without this script the server sends her on from there. */
const EXIT_LINKS = 'a[href="/exit"]';
/** Longest to wait for the history to go back; then the page is left from where it is. */
const HISTORY_MS = 250;

/** @type {(() => void)[]} */
const wipers = [];
let isLeaving = false;
let isWiped = false;
/** @type {() => number} */
let depth = () => 0;

/**
 * @param {() => void} wipe - forgets what a person typed or chose; must not throw
 */
export function onLeave(wipe) {
  wipers.push(wipe);
}

/**
 * @param {() => number} readDepth - how many entries of the history this page has made
 */
export function setDepth(readDepth) {
  depth = readDepth;
}

/** Nothing of what a person did stays in the page or in its memory. */
function wipeOnce() {
  if (isWiped) return;
  isWiped = true;
  for (const wipe of wipers) wipe();
  document.body.replaceChildren();
}

/**
 * @param {string} address
 */
function leave(address) {
  if (isLeaving) return;
  isLeaving = true;
  document.documentElement.classList.add("leaving");
  const entries = depth();
  wipeOnce();
  if (entries === 0) {
    location.replace(address);
    return;
  }
  // From the first entry, so that Back does not lead to one of the steps.
  const go = () => {
    // Once: a second time would begin the way out anew.
    clearTimeout(timer);
    window.removeEventListener("popstate", go);
    location.replace(address);
  };
  const timer = setTimeout(go, HISTORY_MS);
  window.addEventListener("popstate", go);
  history.go(-entries);
}

/**
 * Counts how often Shift is pressed on its own. Shift for a capital letter does not count.
 *
 * @param {HTMLElement} $dots
 * @param {HTMLElement} $status
 * @param {() => void} onLast
 */
function countShift($dots, $status, onLast) {
  const words = Words.fromPage("leave-words");
  let count = 0;
  let isAlone = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} text */
  function show(text) {
    $dots.hidden = count === 0;
    for (const [i, $dot] of [...$dots.children].entries()) $dot.classList.toggle("on", i < count);
    $status.textContent = text;
  }
  /** @param {string} text */
  function reset(text) {
    clearTimeout(timer);
    count = 0;
    show(text);
  }

  document.addEventListener("keydown", (event) => {
    isAlone = event.key === "Shift";
    if (!isAlone && count > 0) reset("");
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !isAlone) return;
    isAlone = false;
    count += 1;
    if (count === 1) timer = setTimeout(() => reset(words.say("too_slow")), WITHIN_MS);
    if (count < PRESSES) {
      show(words.say(count === 1 ? "two_more" : "one_more"));
      return;
    }
    show(words.say("leaving"));
    onLast();
  });
}

/** Links within the page move there without changing the address. */
function followInPageLinks() {
  document.addEventListener("click", (event) => {
    const $link = event.target instanceof Element && event.target.closest("[data-focus]");
    if (!$link) return;
    event.preventDefault();
    document.getElementById($link.getAttribute("data-focus") ?? "")?.focus();
  });
}

function start() {
  const $dots = find(document, ".leave-dots", HTMLElement);
  const $status = find(document, "[data-leave-status]", HTMLElement);
  // Straight away from here: one round trip less, and nothing of this site if there is no network.
  const address = /** @type {string} */ (document.documentElement.dataset.exit);
  const tabs = new BroadcastChannel("leave");
  const leaveEverywhere = () => {
    tabs.postMessage("leave");
    leave(address);
  };
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element && event.target.closest(EXIT_LINKS))) return;
    event.preventDefault();
    leaveEverywhere();
  });
  countShift($dots, $status, leaveEverywhere);
  tabs.addEventListener("message", () => leave(address));
  followInPageLinks();
  window.addEventListener("pagehide", wipeOnce);
}

start();
