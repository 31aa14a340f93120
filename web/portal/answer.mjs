/**
 * What the server says of the slots of a code, put together for the page.
 *
 * The answer names the platforms once, and tells each field of them as a list in that order: it
 * is as long as for a full code, so a name or a field's name in each place would make it ten
 * times longer on a slow line.
 */

/** @typedef {"daily" | "weekly" | "monthly"} Rhythm */

/** @typedef {"pending_review" | "blocked" | "not_blocked"} Finding */

/**
 * One word for how a picture stands at a platform. Contract: spec/code.md, what is asked and told.
 *
 * @typedef {"waiting" | "delivered" | "checking" | "blocked" | "not_covered" | "ending" | "ended"
 *   | "never_had" | "not_concerned"} PlatformStatus
 */

/**
 * @typedef {object} PlatformState
 * @property {string} name
 * @property {PlatformStatus | null} status - null for an empty slot
 * @property {"copies" | "file" | null} matches - what the platform recognises with what it fetched:
 *   copies that look alike, or the very same file only; null before it fetched
 * @property {string | null} listed_on - the day the platform fetched the hash
 * @property {Finding | null} finding - its latest
 * @property {string | null} found_on
 * @property {string | null} stopped_on - when it last stopped a copy, whatever it found since
 * @property {string | null} withdrawal_confirmed_on
 * @property {boolean} concerned - false when it joined after the protection had ended
 */

/**
 * @typedef {object} Slot
 * @property {"empty" | "received" | "listed" | "withdrawn" | "expired"} state
 * @property {"pdq" | "video_md5" | "vpdq" | null} signal_type - null for an empty slot
 * @property {string | null} protected_on
 * @property {string | null} ends_on - the first day on which it does not count any more
 * @property {string | null} withdrawn_on
 * @property {string | null} note - sealed: only the code opens it
 * @property {Rhythm | null} news - how often she is told by e-mail, at most
 * @property {PlatformState[]} platforms
 */

/**
 * @typedef {object} Answer - of `/case/read`
 * @property {string[]} platforms - names
 * @property {(Omit<Slot, "platforms"> & {platforms: Record<string, any[]>})[]} slots - each field of
 *   the platforms as a list in the order of their names
 */

/**
 * @param {Answer} answer
 * @returns {Slot[]} in the same order
 */
export function slotsOf({ platforms: names, slots }) {
  return slots.map((slot) => ({
    ...slot,
    platforms: names.map((name, place) => platformState(name, place, slot.platforms)),
  }));
}

/**
 * @param {string} name
 * @param {number} place - of the platform in each list
 * @param {Record<string, any[]>} fields
 * @returns {PlatformState}
 */
function platformState(name, place, fields) {
  const state = /** @type {PlatformState} */ (
    Object.fromEntries(Object.entries(fields).map(([field, values]) => [field, values[place]]))
  );
  return { ...state, name, concerned: state.status !== "not_concerned" };
}
