/**
 * The guide for having something taken down: shows the platforms of the addresses that somebody
 * pastes. The addresses are read here and nowhere else: nothing is sent, nothing is kept.
 */

import { find, make } from "../components/elements.mjs";
import { Words } from "../components/words.mjs";
import { addressesOf, fitOf, hostsOf } from "./addresses.mjs";
import { reminders } from "./calendar.mjs";
import { onLeave } from "./exit.mjs";
import { NoticeForm } from "./notice-form.mjs";

/** Where to go on with a website that nobody has written about. */
const FOR_UNKNOWN = ["at-any-website", "at-host", "at-cloudflare", "at-registrar"];
/** What is done besides, for whatever website. */
const FOR_ALL = ["at-google-search", "at-bing"];

const SAVED_MS = 60_000;

const words = Words.fromPage("words");
const $finder = find(document, "[data-finder]", HTMLElement);
const $addresses = find($finder, "#addresses", HTMLTextAreaElement);
const $found = find($finder, "[data-found]", HTMLElement);
const $all = find($finder, "[data-show-all]", HTMLElement);
const $kinds = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-kind]")]);
const form = new NoticeForm(find(document, "[data-notice]", HTMLElement), {
  words,
  parts: fromPage("notice-parts"),
  laws: fromPage("notice-laws"),
});
const $platforms = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll("details[data-domains]")]);

$finder.hidden = false;
$addresses.addEventListener("input", show);
$all.addEventListener("click", () => {
  $addresses.value = "";
  show();
  $addresses.focus();
});
find(document, "[data-reminders]", HTMLElement).hidden = false;
find(document, "[data-reminders] button", HTMLElement).addEventListener("click", remind);
onLeave(() => {
  $addresses.value = "";
  form.clear();
});
show();

function show() {
  const hosts = hostsOf($addresses.value);
  const known = new Set(hosts.flatMap((host) => closest(host) ?? []));
  const unknown = hosts.filter((host) => closest(host) === null);
  const shown = new Set([...known].map(({ id }) => id));
  if (unknown.length > 0) for (const id of FOR_UNKNOWN) shown.add(id);
  if (hosts.length > 0) for (const id of FOR_ALL) shown.add(id);
  for (const $platform of $platforms) {
    $platform.hidden = shown.size > 0 && !shown.has($platform.id);
    $platform.open = known.has($platform);
  }
  for (const $kind of $kinds) {
    $kind.hidden = [...$kind.querySelectorAll("details")].every(({ hidden }) => hidden);
  }
  $all.hidden = shown.size === 0;
  $found.textContent = said(known, unknown);
  form.to(recipients());
}

/**
 * Who gets a notice about which addresses: each platform, and the other websites one by one.
 *
 * @returns {import("./notice-form.mjs").Recipient[]}
 */
function recipients() {
  /** @type {Map<string, {name: string, addresses: string[], bound: Set<string>}>} */
  const all = new Map();
  for (const { address, host } of addressesOf($addresses.value)) {
    const $platform = closest(host);
    const name = $platform?.querySelector("h3")?.textContent ?? host;
    const bound = new Set(($platform?.dataset.law ?? "").split(" "));
    const recipient = all.get(name) ?? { name, addresses: [], bound };
    recipient.addresses.push(address);
    all.set(name, recipient);
  }
  return [...all.values()];
}

/**
 * @param {string} id - of a block of data in the page
 * @returns {any}
 */
function fromPage(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/**
 * Hand over a calendar file, which the browser saves like any download.
 */
function remind() {
  const title = words.say("reminder");
  const file = new Blob([reminders({ title, now: new Date() })], { type: "text/calendar" });
  const $link = make("a");
  $link.href = URL.createObjectURL(file);
  $link.download = `${title.toLowerCase()}.ics`;
  $link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL($link.href), SAVED_MS);
}

/**
 * @param {string} host
 * @returns {HTMLDetailsElement | null}
 */
function closest(host) {
  let best = 0;
  let $best = null;
  for (const $platform of $platforms) {
    const fit = fitOf(host, ($platform.dataset.domains ?? "").split(" ").filter(Boolean));
    if (fit > best) [best, $best] = [fit, $platform];
  }
  return $best;
}

/**
 * @param {ReadonlySet<HTMLElement>} known
 * @param {readonly string[]} unknown
 * @returns {string}
 */
function said(known, unknown) {
  const lines = [];
  if (known.size > 0) {
    const names = [...known].map(($platform) => $platform.querySelector("h3")?.textContent ?? "");
    lines.push(words.say("found", { names: names.join(", ") }));
  }
  if (unknown.length > 0) lines.push(words.say("not_found", { names: unknown.join(", ") }));
  return lines.join(" ");
}
