/**
 * The protecting page, from the first question to the hashes being sent.
 *
 * All that a person does here lives in this module's memory: no cookie, no web storage, nothing
 * in the address. Only `send` talks to the server.
 */

import { ask } from "../components/question.mjs";
import { find, make } from "../components/elements.mjs";
import { Steps } from "../components/steps.mjs";
import { Words } from "../components/words.mjs";
import { protect } from "./api.mjs";
import { CodeStep } from "./code-step.mjs";
import { onLeave, setDepth } from "./exit.mjs";
import { reasonWords } from "./failure.mjs";
import { PicturesStep } from "./pictures-step.mjs";
import { protections } from "./slots.mjs";

const words = Words.fromPage("words");
const $root = find(document, "[data-steps]", HTMLElement);
const steps = new Steps($root, "person");
const pictures = new PicturesStep(steps.section("pictures"), {
  words,
  onContinue: () => {
    showConfirmation();
    steps.show("confirm");
  },
});
const code = new CodeStep(steps.section("code"), steps.section("prove"), {
  words,
  onKept: () => steps.show("prove"),
  onProved: () => {
    steps.show("send");
    void send();
  },
});

/** @type {import("./api.mjs").Protection[] | null} Kept so that trying again sends the same. */
let message = null;
let isSending = false;
let isDone = false;

// Once a message may have arrived, only the same message may follow: its slots could be taken.
steps.allow = (name) => (isDone ? "done" : isSending || message !== null ? "send" : name);
setDepth(() => steps.depth);
onLeave(() => {
  steps.stop();
  forget();
});
window.addEventListener("beforeunload", (event) => {
  // The only moment at which leaving loses something that she has in hand: a code for nothing.
  if (code.isShown) event.preventDefault();
});
steps.onShow = hideLanguages;

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
  code.start();
  steps.show("code");
});
find(steps.section("send"), "[data-retry]", HTMLElement).addEventListener("click", () => void send());
find(document, "[data-needs-script]", HTMLElement).hidden = true;

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
  pictures.forget();
  code.forget();
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
  const { ready, unusable } = pictures;
  const names = ready.map(({ name }, place) => {
    const $name = make("li", { text: `${words.say("picture_number", { number: place + 1 })} · ` });
    $name.append(make("bdi", { text: name }));
    return $name;
  });
  find($step, "[data-confirm-title]", HTMLElement).textContent = words.count("confirm_title", ready.length);
  find($step, "[data-confirm-names]", HTMLElement).replaceChildren(...names);
  const $leftOut = find($step, "[data-confirm-left-out]", HTMLElement);
  $leftOut.hidden = unusable.length === 0;
  $leftOut.textContent = words.count("left_out", unusable.length);
}

async function send() {
  if (isSending || isDone) return;
  isSending = true;
  showSending(null);
  try {
    message ??= protections(pictures.ready, await code.digests());
    await protect(message);
  } catch (error) {
    showSending(words.say(reasonWords(error)));
    return;
  } finally {
    isSending = false;
  }
  finish();
}

/**
 * @param {string | null} failure - null while it is under way
 */
function showSending(failure) {
  const $step = steps.section("send");
  const title = failure === null ? "sending_title" : "not_sent_title";
  find($step, "[data-send-title]", HTMLElement).textContent = words.say(title);
  find($step, "[data-sending]", HTMLElement).hidden = failure !== null;
  find($step, "[data-send-failed]", HTMLElement).hidden = failure === null;
  find($step, "[data-send-reason]", HTMLElement).textContent = failure ?? "";
}

function finish() {
  const $title = find(steps.section("done"), "[data-done-title]", HTMLElement);
  $title.textContent = words.count("done_title", message?.length ?? 0);
  isDone = true;
  forget();
  steps.replace("done");
}
