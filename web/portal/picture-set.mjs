/**
 * The pictures that a person has chosen: which can be protected and which cannot.
 *
 * Knows names and hashes, never the pictures themselves, and nothing of the page.
 */

/**
 * @typedef {"empty" | "not-a-picture" | "unknown-format" | "too-small" | "too-large" | "too-poor"
 *   | "unreadable" | "blocked" | "duplicate"} Reason
 */

/**
 * @typedef {object} Picture
 * @property {number} id
 * @property {string} name - file name; shown to the person, never sent
 * @property {"waiting" | "reading" | "ready" | "unusable"} state
 * @property {number} progress - 0 to 1
 * @property {string} hash - 64 hexadecimal digits once ready
 * @property {number} quality
 * @property {Reason | null} reason - why it is unusable
 */

export class PictureSet {
  #limit;
  #lastId = 0;
  /** @type {Picture[]} */
  #pictures = [];

  /**
   * @param {number} limit - most pictures; inclusive
   */
  constructor(limit) {
    this.#limit = limit;
  }

  /** All that were chosen, in order. */
  get all() {
    return [...this.#pictures];
  }

  /** Those that can be protected, in order: the first is "Picture 1". */
  get ready() {
    return this.#pictures.filter(({ state }) => state === "ready");
  }

  /** Those that cannot. */
  get unusable() {
    return this.#pictures.filter(({ state }) => state === "unusable");
  }

  /** Whether some have not been read yet. */
  get isBusy() {
    return this.#pictures.some(({ state }) => state === "waiting" || state === "reading");
  }

  /**
   * @param {string} name
   * @returns {Picture | null} null when there is no room for another
   */
  add(name) {
    if (this.#pictures.length - this.unusable.length >= this.#limit) return null;
    this.#lastId += 1;
    /** @type {Picture} */
    const picture = {
      id: this.#lastId,
      name,
      state: "waiting",
      progress: 0,
      hash: "",
      quality: 0,
      reason: null,
    };
    this.#pictures.push(picture);
    return picture;
  }

  /**
   * @param {Picture} picture
   */
  remove(picture) {
    this.#pictures = this.#pictures.filter((other) => other !== picture);
  }

  /**
   * @param {Picture} picture
   * @returns {boolean} whether it is still in the set
   */
  has(picture) {
    return this.#pictures.includes(picture);
  }

  /**
   * The picture has been read. The same picture a second time is unusable: once is enough.
   *
   * @param {Picture} picture
   * @param {{hash: string, quality: number}} hashed
   */
  succeed(picture, { hash, quality }) {
    if (this.ready.some((other) => other.hash === hash)) {
      this.fail(picture, "duplicate");
      return;
    }
    Object.assign(picture, { state: "ready", progress: 1, hash, quality });
  }

  /**
   * @param {Picture} picture
   * @param {Reason} reason
   */
  fail(picture, reason) {
    Object.assign(picture, { state: "unusable", reason });
  }

  /** Forget everything. */
  clear() {
    for (const picture of this.#pictures) Object.assign(picture, { name: "", hash: "" });
    this.#pictures = [];
  }
}
