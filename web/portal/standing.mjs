/**
 * How things stand over all pictures and videos of a code, in a few sentences.
 */

/** @typedef {import("./status.mjs").PictureStatus} PictureStatus */
/** @typedef {import("../components/words.mjs").Words} Words */

/**
 * @param {readonly PictureStatus[]} pictures
 * @param {Words} words
 * @returns {string[]} none where nothing is protected now
 */
export function standing(pictures, words) {
  const active = pictures.filter(({ mayWithdraw }) => mayWithdraw);
  if (active.length === 0) return [];
  /** @param {string} tone */
  const having = (tone) =>
    active.filter(({ platforms }) => platforms.some((platform) => platform.tone === tone)).length;
  const stopped = having("stopped");
  const checking = having("checking");
  const lines = [words.count("standing_protected", active.length)];
  if (stopped > 0) lines.push(words.count("standing_stopped", stopped));
  if (checking > 0) lines.push(words.count("standing_checking", checking));
  if (stopped + checking === 0) lines.push(words.say("standing_quiet"));
  return lines;
}
