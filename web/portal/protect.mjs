/**
 * The protecting page, from the first question to the hashes being sent.
 *
 * All that a person does here lives in this module's memory: no cookie, no web storage, nothing
 * in the address. Only `send` talks to the server.
 */

import { ask } from "../components/question.mjs";
import { find } from "../components/elements.mjs";
import { Steps } from "../components/steps.mjs";
import { Words } from "../components/words.mjs";
import { CASE_FILES } from "../code/vault.mjs";
import { protect, read, whenSlow } from "./api.mjs";
import { CodeStep } from "./code-step.mjs";
import { EntryStep } from "./entry-step.mjs";
import { onLeave, setDepth } from "./exit.mjs";
import { NoRoomError, reasonWords } from "./failure.mjs";
import { FilesStep } from "./files-step.mjs";
import { numbered } from "./numbered.mjs";
import { protections, question } from "./slots.mjs";

/** @typedef {import("../code/vault.mjs").Vault} Vault */
/** @typedef {import("./file-set.mjs").ChosenFile} ChosenFile */

const words = Words.fromPage("words");
const $root = find(document, "[data-steps]", HTMLElement);
const steps = new Steps($root, "person");
const files = new FilesStep(steps.section("pictures"), {
  words,
  onContinue: () => steps.show("confirm"),
});
const code = new CodeStep(steps.section("code"), steps.section("prove"), {
  words,
  onKept: () => steps.show("prove"),
  onProved: () => {
    steps.show("send");
    void send();
  },
});

/** Steps that only files lead to which she said yes to. */
const AFTER_YES = ["code", "prove", "existing", "send"];

/** @type {readonly ChosenFile[]} What the confirming step shows. */
let shown = [];
/** @type {readonly ChosenFile[]} What she said yes to: this is sent, whatever is chosen later. */
let confirmed = [];
/** @type {import("./api.mjs").Years} */
let years = 5;
/** @type {{vault: Vault, slots: number[]} | null} Where they go, under a code that she had. */
let existing = null;
/** @type {import("./api.mjs").Protection[] | null} Kept so that trying again sends the same. */
let message = null;
let isSending = false;
let isDone = false;

steps.allow = allow;
setDepth(() => steps.depth);
onLeave(() => {
  steps.stop();
  forget();
});
window.addEventListener("beforeunload", (event) => {
  // The only moment at which leaving loses something that she has in hand: a code for nothing.
  if (code.isShown) event.preventDefault();
});
steps.onShow = (name) => {
  hideLanguages(name);
  if (name === "confirm") showConfirmation();
};

ask(steps.section("person"), {
  missing: words.say("choose_answer"),
  onAnswer: (answer) => (answer === "yes" ? steps.show("age") : stopAt("not-you")),
});
ask(steps.section("age"), {
  missing: words.say("choose_answer"),
  onAnswer: (answer) => (answer === "yes" ? steps.show("explain") : stopAt("under-18")),
});
onSubmit("explain", () => steps.show("pictures"));
onSubmit("confirm", () => {
  confirm();
  code.start(confirmed);
  steps.show("code");
});
find(steps.section("confirm"), "[data-existing]", HTMLElement).addEventListener("click", () => {
  confirm();
  code.forget();
  steps.show("existing");
});
const entry = new EntryStep(steps.section("existing"), { words, onVault: addTo });
find(steps.section("send"), "[data-retry]", HTMLElement).addEventListener("click", () => void send());
// Then there is nothing to lose any more, and nothing to ask about.
find(steps.section("send"), "[data-again]", HTMLElement).addEventListener("click", forget);
find(document, "[data-needs-script]", HTMLElement).hidden = true;

/**
 * Where Back and Forward lead.
 *
 * @param {string} name - the step asked for
 * @returns {string} the step to show
 */
function allow(name) {
  if (isDone) return "done";
  // Once a message may have arrived, only the same message may follow: its slots could be taken.
  if (isSending || message !== null) return "send";
  const isAfterYes = AFTER_YES.includes(name);
  if ((isAfterYes || name === "confirm") && !files.isReady) return "pictures";
  return isAfterYes && !isConfirmed() ? "confirm" : name;
}

/**
 * Whether she said yes to the files that are chosen now.
 */
function isConfirmed() {
  const { ready } = files;
  return ready.length === confirmed.length && ready.every((file, at) => file === confirmed[at]);
}

/**
 * She said yes to what is shown.
 */
function confirm() {
  const $years = find(steps.section("confirm"), "[data-years]", HTMLSelectElement);
  years = /** @type {import("./api.mjs").Years} */ (Number($years.value));
  confirmed = shown;
}

/**
 * Find room under a code that she had, and send.
 *
 * @param {Vault} vault
 * @param {AbortSignal} signal - says that it is not wanted any more
 * @throws {import("./api.mjs").RequestError | NoRoomError} then nothing stays open
 */
async function addTo(vault, signal) {
  try {
    const { tokens, inSlotOrder } = question(vault.tokens());
    const slots = freeSlots(inSlotOrder(await read(tokens)), confirmed.length);
    if (signal.aborted) vault.close();
    else existing = { vault, slots };
  } catch (error) {
    vault.close();
    throw error;
  }
  if (existing === null) return;
  steps.show("send");
  void send();
}

/**
 * @param {readonly import("./api.mjs").Slot[]} slots
 * @param {number} count - how many are needed
 * @returns {number[]}
 * @throws {NoRoomError}
 */
function freeSlots(slots, count) {
  const free = slots.flatMap(({ state }, slot) => (state === "empty" ? [slot] : []));
  const active = slots.filter(({ state }) => state === "received" || state === "listed").length;
  if (free.length < count || active + count > CASE_FILES) throw new NoRoomError();
  return free.slice(0, count);
}

/**
 * An answer after which nothing may be protected: what was chosen before is forgotten.
 *
 * @param {string} name
 */
function stopAt(name) {
  forget();
  steps.show(name);
}

function forget() {
  files.forget();
  code.forget();
  entry.clear();
  existing?.vault.close();
  existing = null;
  find(steps.section("confirm"), "[data-confirm-names]", HTMLElement).replaceChildren();
  shown = [];
  confirmed = [];
  message = null;
}

/**
 * @param {string} name
 * @param {() => void} next
 */
function onSubmit(name, next) {
  find(steps.section(name), "form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    next();
  });
}

/**
 * Another language is another page: the answers would be lost without a warning.
 *
 * @param {string} name
 */
function hideLanguages(name) {
  find(document, "[data-languages]", HTMLElement).hidden = name !== "person";
}

function showConfirmation() {
  const $step = steps.section("confirm");
  const { ready, unusable } = files;
  shown = ready;
  const $names = shown.map((file, place) => numbered(file, place + 1, words));
  find($step, "[data-confirm-title]", HTMLElement).textContent = words.count(titleOf(shown), shown.length);
  find($step, "[data-confirm-names]", HTMLElement).replaceChildren(...$names);
  const $leftOut = find($step, "[data-confirm-left-out]", HTMLElement);
  $leftOut.hidden = unusable.length === 0;
  $leftOut.textContent = words.count("left_out", unusable.length);
}

/**
 * @param {readonly ChosenFile[]} files
 * @returns {string} key of the words for how many there are
 */
function titleOf(files) {
  const kinds = new Set(files.map(({ kind }) => kind));
  if (kinds.size > 1) return "confirm_both";
  return kinds.has("video") ? "confirm_videos" : "confirm_title";
}

async function send() {
  if (isSending || isDone || steps.isStopped) return;
  isSending = true;
  showSending(null);
  const stopWaiting = whenSlow(() => {
    find(steps.section("send"), "[data-send-slow]", HTMLElement).textContent = words.say("slow");
  });
  try {
    message ??= await compose();
    if (steps.isStopped) return;
    await protect(message, years);
  } catch (error) {
    showSending(reasonWords(error));
    return;
  } finally {
    stopWaiting();
    isSending = false;
  }
  finish();
}

/**
 * @returns {Promise<import("./api.mjs").Protection[]>}
 * @throws {import("../code/vault.mjs").KeysError}
 */
async function compose() {
  const vault = existing === null ? await code.vault() : existing.vault;
  const slots = existing?.slots ?? confirmed.map((_, place) => place);
  const digests = vault.digests();
  const notes = slots.map((slot, place) => vault.sealNote(slot, confirmed[place].label));
  const fingerprints = confirmed.flatMap(({ fingerprint }) => fingerprint ?? []);
  return protections(fingerprints, slots.map((slot) => digests[slot]), await Promise.all(notes));
}

/**
 * @param {string | null} failure - key of the words for it; null while it is under way
 */
function showSending(failure) {
  const $step = steps.section("send");
  const title = failure === null ? "sending_title" : "not_sent_title";
  find($step, "[data-send-title]", HTMLElement).textContent = words.say(title);
  find($step, "[data-sending]", HTMLElement).hidden = failure !== null;
  find($step, "[data-send-failed]", HTMLElement).hidden = failure === null;
  find($step, "[data-send-reason]", HTMLElement).textContent =
    failure === null ? "" : words.say(failure);
  find($step, "[data-send-slow]", HTMLElement).textContent = "";
  // Only then is it certain that nothing has been stored.
  find($step, "[data-send-refused]", HTMLElement).hidden = failure !== "refused";
}

function finish() {
  const $title = find(steps.section("done"), "[data-done-title]", HTMLElement);
  $title.textContent = words.count("done_title", message?.length ?? 0);
  const $numbers = find(steps.section("done"), "[data-done-numbers]", HTMLElement);
  $numbers.hidden = existing === null;
  const numbers = (existing?.slots ?? []).map((slot) => slot + 1).join(", ");
  $numbers.textContent = words.say("done_numbers", { numbers });
  isDone = true;
  forget();
  steps.replace("done");
}
