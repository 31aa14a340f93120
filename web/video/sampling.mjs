/**
 * Which frames of a video are hashed: what is on display at each whole second.
 *
 * Source: spec/video.md, the frames. Frame k is the last one whose time, counted from the first
 * frame's, is at most k seconds; k runs as long as that is not after the last frame.
 */

const SECOND_MS = 1000;

/**
 * A frame that is over, and the first whole second at which it was on display: null when there
 * was none.
 *
 * @template Frame
 * @typedef {{frame: Frame, at_ms: number | null}} Over
 */

/**
 * Takes frames in the order in which they are shown. Holds one at a time.
 *
 * @template Frame
 */
export class SecondSampler {
  /** @type {Frame | null} */
  #held = null;
  /** When the held frame appeared, in milliseconds after the first. */
  #heldAt = 0;
  /** The first whole second that no frame was given for, in milliseconds. */
  #next = 0;

  /**
   * @param {Frame} frame
   * @param {number} at_ms - when it appears, in milliseconds after the first frame; one that is
   *   earlier than the one before appears with it
   * @returns {Over<Frame> | null} the one before
   */
  take(frame, at_ms) {
    const appears = this.#held === null ? at_ms : Math.max(at_ms, this.#heldAt);
    const over = this.#held === null ? null : this.#end(appears > this.#next);
    this.#next = Math.max(this.#next, Math.ceil(appears / SECOND_MS) * SECOND_MS);
    this.#held = frame;
    this.#heldAt = appears;
    return over;
  }

  /**
   * @returns {Over<Frame> | null} the last one
   */
  finish() {
    return this.#held === null ? null : this.#end(this.#heldAt >= this.#next);
  }

  /**
   * @param {boolean} wasSeen - at the next whole second
   * @returns {Over<Frame>}
   */
  #end(wasSeen) {
    const frame = /** @type {Frame} */ (this.#held);
    this.#held = null;
    return { frame, at_ms: wasSeen ? this.#next : null };
  }
}

/**
 * @param {number} us - microseconds, whole
 * @returns {number} milliseconds, to the nearest, halves up
 */
export function milliseconds(us) {
  return Math.floor((us + 500) / 1000);
}
