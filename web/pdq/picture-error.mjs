/**
 * Why a file cannot be hashed. The page turns the reason into words for the person.
 */

/**
 * - `empty`: the file holds no bytes
 * - `not-a-picture`: the bytes are of no picture format
 * - `unknown-format`: a picture, but of a format that is not taken, or that cannot be read in this
 *   browser
 * - `too-small`: a side shorter than 5 pixels
 * - `too-large`: more bytes or pixels than the limits in picture.mjs
 * - `too-poor`: too little to see in it for a hash that means something
 * - `unreadable`: damaged, cut off, no longer there, or it took too long
 * - `heic-not-loaded`: a HEIC file, and what reads it in this browser could not be fetched
 * - `blocked`: the browser does not let the page see pixels, or did not start the worker; no file
 *   will work in it
 *
 * @typedef {"empty" | "not-a-picture" | "unknown-format" | "too-small" | "too-large" | "too-poor"
 *   | "unreadable" | "heic-not-loaded" | "blocked"} PictureReason
 */

/** What each reason means, for people who read logs and tests: a page has its own words. */
const MESSAGES = {
  "empty": "The file is empty.",
  "not-a-picture": "The file is no picture.",
  "unknown-format": "This kind of picture cannot be read here.",
  "too-small": "The picture is too small.",
  "too-large": "The picture is too large.",
  "too-poor": "There is too little to see in the picture.",
  "unreadable": "The picture is damaged or cannot be read.",
  "heic-not-loaded": "What reads HEIC here could not be fetched from the server.",
  "blocked": "The browser does not let this page read pictures.",
};

/**
 * A file that cannot be hashed.
 */
export class PictureError extends Error {
  /**
   * @param {PictureReason} reason
   */
  constructor(reason) {
    super(MESSAGES[reason]);
    this.name = "PictureError";
    /** @readonly */
    this.reason = reason;
  }
}
