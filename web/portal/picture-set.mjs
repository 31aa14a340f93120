/**
 * The pictures that a person has chosen: which can be protected and which cannot.
 *
 * Knows names and hashes, never the pictures themselves, and nothing of the page.
 */

/** @typedef {import("../pdq/picture-error.mjs").PictureReason | "too-many"} Reason */

/**
 * What is shown of a picture is never sent, and what is sent is never shown.
 *
 * @typedef {import("../components/picture-list.mjs").ListedPicture & {
 *   id: number, hash: string, quality: number, reason: Reason | null, sameAs: Picture | null
 * }} Picture
 */

export class PictureSet {
  #limit;
  #lastId = 0;
  /** @type {Picture[]} */
  #pictures = [];

  /**
   * @param {number} limit - most pictures that can be protected; inclusive
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

  /** Those that cannot. The same picture a second time is not among them: it is protected. */
  get unusable() {
    return this.#pictures.filter(({ state }) => state === "unusable");
  }

  /** Whether some have not been read yet. */
  get isBusy() {
    return this.#pictures.some(({ state }) => state === "waiting" || state === "reading");
  }

  /**
   * @param {string} name
   * @returns {Picture}
   */
  add(name) {
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
      sameAs: null,
    };
    this.#pictures.push(picture);
    return picture;
  }

  /**
   * @param {Picture} picture
   */
  remove(picture) {
    this.#pictures = this.#pictures.filter((other) => other !== picture);
    this.#settle();
  }

  /**
   * @param {Picture} picture
   * @returns {boolean} whether it is still in the set
   */
  has(picture) {
    return this.#pictures.includes(picture);
  }

  /**
   * The picture has been read.
   *
   * @param {Picture} picture
   * @param {{hash: string, quality: number}} hashed
   */
  succeed(picture, { hash, quality }) {
    Object.assign(picture, { progress: 1, hash, quality });
    this.#settle();
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
    for (const picture of this.#pictures) Object.assign(picture, { name: "", hash: "", sameAs: null });
    this.#pictures = [];
  }

  /**
   * Of those that have been read: which are protected, in the order in which they were chosen.
   */
  #settle() {
    /** @type {Map<string, Picture>} */
    const first = new Map();
    for (const picture of this.#pictures.filter(({ hash }) => hash !== "")) {
      const sameAs = first.get(picture.hash) ?? null;
      const hasRoom = first.size < this.#limit;
      if (sameAs !== null) Object.assign(picture, { state: "repeated", reason: null, sameAs });
      else if (!hasRoom) Object.assign(picture, { state: "unusable", reason: "too-many", sameAs });
      else Object.assign(picture, { state: "ready", reason: null, sameAs });
      if (picture.state === "ready") first.set(picture.hash, picture);
    }
  }
}
