/**
 * Why a video cannot be hashed, or not as a whole. The page turns the reason into words.
 */

/**
 * Nothing is known of the file: `VideoHasher.hash` rejects with a VideoError.
 *
 * - `empty`: the file holds no bytes
 * - `not-a-video`: the bytes are of no kind of video file
 * - `still-picture`: a GIF or WebP that does not move: it is to be hashed as a picture
 * - `no-picture`: sound only
 * - `too-large`: more bytes than the limits
 * - `unreadable`: no longer there, or reading it took too long
 * - `blocked`: the browser did not start the workers, so no video will work in it
 * - `cancelled`: the person stopped it
 *
 * @typedef {"empty" | "not-a-video" | "still-picture" | "no-picture" | "too-large" | "unreadable"
 *   | "blocked" | "cancelled"} Refusal
 */

/**
 * The MD5 is known, and there are no frames:
 *
 * - `unknown-kind`: a video of a kind that cannot be read here, AVI for one
 * - `unknown-codec`: this browser does not decode it (HEVC, often)
 * - `protected`: encrypted against copying
 * - `damaged`: not one frame could be decoded
 * - `too-many-pixels`, `too-few-pixels`: frames outside the limits
 * - `too-poor`: no frame has enough to see for a hash that means something
 * - `too-slow`: the decoder gave nothing for too long, and was ended
 * - `hidden-pixels`: the browser does not let the page see pixels
 *
 * or there are frames of a part of the video:
 *
 * - `cut-off`: what follows is missing or damaged
 * - `too-long`: what follows is later than is looked at
 *
 * @typedef {"unknown-kind" | "unknown-codec" | "protected" | "damaged" | "too-many-pixels"
 *   | "too-few-pixels" | "too-poor" | "too-slow" | "hidden-pixels" | "cut-off"
 *   | "too-long"} Shortfall
 */

/** @typedef {Refusal | Shortfall | "no-decoder"} VideoReason */

/** What each reason means, for people who read logs and tests: a page has its own words. */
const MESSAGES = {
  "empty": "The file is empty.",
  "not-a-video": "The file is no video.",
  "still-picture": "This is a picture that does not move.",
  "no-picture": "There is only sound in this file.",
  "too-large": "The file is too large.",
  "unreadable": "The file cannot be read.",
  "blocked": "The browser does not let this page read videos.",
  "cancelled": "Reading the video was stopped.",
  "unknown-kind": "This kind of video file cannot be read here.",
  "unknown-codec": "This browser cannot read this kind of video.",
  "protected": "The video is protected against copying.",
  "damaged": "The video is damaged.",
  "too-many-pixels": "The frames of the video are too large.",
  "too-few-pixels": "The frames of the video are too small.",
  "too-poor": "There is too little to see in the video.",
  "too-slow": "Reading the video took too long.",
  "hidden-pixels": "The browser does not let this page see pixels.",
  "cut-off": "The end of the video is missing.",
  "too-long": "The video is longer than is looked at.",
  "no-decoder": "The browser has no decoder for pages.",
};

/** @type {ReadonlySet<string>} */
const REFUSALS = new Set([
  "empty", "not-a-video", "still-picture", "no-picture", "too-large", "unreadable", "blocked",
  "cancelled",
]);

/**
 * A video that cannot be hashed.
 */
export class VideoError extends Error {
  /**
   * @param {VideoReason} reason
   */
  constructor(reason) {
    super(MESSAGES[reason]);
    this.name = "VideoError";
    /** @readonly */
    this.reason = reason;
  }

  /** Whether the MD5 of such a file means nothing either. */
  get isRefusal() {
    return REFUSALS.has(this.reason);
  }
}

/**
 * @param {unknown} error
 * @param {VideoReason} otherwise - for what nobody foresaw
 * @returns {VideoError}
 */
export function asVideoError(error, otherwise) {
  return error instanceof VideoError ? error : new VideoError(otherwise);
}
