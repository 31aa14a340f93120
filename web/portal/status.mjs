/**
 * From what the server knows of a protection to sentences, without touching the page.
 */

/** @typedef {import("./api.mjs").Slot} Slot */
/** @typedef {import("./api.mjs").PlatformState} PlatformState */
/** @typedef {import("../components/words.mjs").Words} Words */

/** @typedef {import("../components/followed-list.mjs").FollowedPicture} FollowedPicture */
/** @typedef {import("../components/followed-list.mjs").PlatformStatus} PlatformStatus */

/**
 * @typedef {FollowedPicture & {slot: number, news: Slot["news"]}} PictureStatus - *slot* is 0-based
 */

/** Words for what a platform found in a copy that it did not stop. */
const FINDINGS = {
  pending_review: "platform_pending",
  not_blocked: "platform_not_blocked",
};

/**
 * @param {readonly Slot[]} slots - in the order of the code
 * @param {Words} words
 * @param {readonly (string | null)[]} labels - what she called them, in the same order
 * @returns {PictureStatus[]} one for each slot that is not empty
 */
export function pictureStatuses(slots, words, labels) {
  return slots.flatMap((slot, place) =>
    slot.state === "empty" ? [] : [pictureStatus(slot, place, labels[place] ?? "", words)],
  );
}

/**
 * @param {Slot} slot
 * @param {number} place - 0-based
 * @param {string} label
 * @param {Words} words
 * @returns {PictureStatus}
 */
function pictureStatus(slot, place, label, words) {
  const isActive = slot.state === "received" || slot.state === "listed";
  const lines = protectionLines(slot, words);
  if (isActive && slot.platforms.length === 0) lines.push(words.say("no_platform"));
  const platforms = slot.platforms
    .filter(({ concerned }) => isActive || concerned)
    .map((platform) => platformStatus(platform, slot.state, words))
    .filter(({ lines }) => lines.length > 0);
  const kind = slot.signal_type === "pdq" ? "picture" : "video";
  const { news } = slot;
  return { slot: place, number: place + 1, kind, label, lines, platforms, news, mayWithdraw: isActive };
}

/**
 * @param {Slot} slot
 * @param {Words} words
 * @returns {string[]}
 */
function protectionLines({ state, protected_on, ends_on, withdrawn_on }, words) {
  switch (state) {
    case "received":
      return dated("soon", protected_on, words);
    case "listed":
      return [
        ...dated("protected_since", protected_on, words),
        ...dated("protected_until", ends_on, words),
      ];
    case "withdrawn":
      return dated("withdrawn_on", withdrawn_on, words);
    case "expired":
      return dated("expired_on", ends_on, words);
    default:
      return [];
  }
}

/**
 * @param {PlatformState} platform
 * @param {Slot["state"]} state - of the protection
 * @param {Words} words
 * @returns {PlatformStatus}
 */
function platformStatus(platform, state, words) {
  const { name, listed_on, finding, found_on, stopped_on, withdrawal_confirmed_on } = platform;
  const found = dated("platform_blocked", stopped_on, words, name);
  // That it stopped a copy stays said, whatever it found in another one since.
  if (finding !== null && finding !== "blocked") {
    found.push(...dated(FINDINGS[finding], found_on, words, name));
  }
  const news = found.map((text) => ({ text, isNews: true }));
  const tone = stopped_on !== null ? "stopped" : finding === "pending_review" ? "checking" : "quiet";
  /** @param {string[]} texts */
  const plain = (texts) => texts.map((text) => ({ text, isNews: false }));
  if (state === "expired") return { lines: news, tone, reached: null };
  if (state === "withdrawn") {
    const unconfirmed = listed_on === null ? "platform_never_had" : "platform_not_confirmed";
    const ending = dated("platform_confirmed", withdrawal_confirmed_on, words, name);
    if (ending.length === 0) ending.push(words.say(unconfirmed, { platform: name }));
    return { lines: [...news, ...plain(ending)], tone, reached: null };
  }
  const isFileOnly = platform.matches === "file";
  const looking = dated(isFileOnly ? "platform_file_only" : "platform_looking", listed_on, words, name);
  if (looking.length === 0 && found.length === 0) {
    looking.push(words.say("platform_waiting", { platform: name }));
  }
  const reached = tone === "quiet" ? (listed_on === null ? 1 : 2) : 3;
  return { lines: [...plain(looking), ...news], tone, reached };
}

/**
 * @param {string} key
 * @param {string | null} day - such as "2026-11-23"
 * @param {Words} words
 * @param {string} [platform]
 * @returns {string[]} nothing where there is no day
 */
function dated(key, day, words, platform = "") {
  return day === null ? [] : [words.say(key, { date: words.day(day), platform })];
}
