/**
 * The files that a person has chosen: which can be protected and which cannot.
 *
 * Knows names and fingerprints, never the pictures and videos themselves, and nothing of the page.
 */

/** @typedef {import("./fingerprint.mjs").Fingerprint} Fingerprint */
/** @typedef {import("./fingerprint.mjs").Kind} Kind */
/** @typedef {ReturnType<typeof import("./fingerprint.mjs").reasonOf> | "too-many"} Reason */

/**
 * What is shown of a file is never sent, and what is sent is never shown.
 *
 * @typedef {import("../components/file-list.mjs").ListedFile & {
 *   id: number, fingerprint: Fingerprint | null, reason: Reason | null, sameAs: ChosenFile | null,
 *   reading: AbortController
 * }} ChosenFile
 */

export class FileSet {
  #limit;
  #lastId = 0;
  /** @type {ChosenFile[]} */
  #files = [];

  /**
   * @param {number} limit - most files that can be protected; inclusive
   */
  constructor(limit) {
    this.#limit = limit;
  }

  /** All that were chosen, in order. */
  get all() {
    return [...this.#files];
  }

  /** Those that can be protected, in order: the first is number 1. */
  get ready() {
    return this.#files.filter(({ state }) => state === "ready");
  }

  /** Those that cannot. The same file a second time is not among them: it is protected. */
  get unusable() {
    return this.#files.filter(({ state }) => state === "unusable");
  }

  /** Whether some have not been read yet. */
  get isBusy() {
    return this.#files.some(({ state }) => state === "waiting" || state === "reading");
  }

  /**
   * @param {string} name
   * @returns {ChosenFile}
   */
  add(name) {
    this.#lastId += 1;
    /** @type {ChosenFile} */
    const file = {
      id: this.#lastId,
      name,
      kind: "picture",
      label: "",
      state: "waiting",
      progress: 0,
      fingerprint: null,
      shortfall: null,
      reason: null,
      sameAs: null,
      reading: new AbortController(),
    };
    this.#files.push(file);
    return file;
  }

  /**
   * @param {ChosenFile} file - no longer read if it is being read
   */
  remove(file) {
    file.reading.abort();
    this.#files = this.#files.filter((other) => other !== file);
    this.#settle();
  }

  /**
   * @param {ChosenFile} file
   * @returns {boolean} whether it is still in the set
   */
  has(file) {
    return this.#files.includes(file);
  }

  /**
   * The file has been read.
   *
   * @param {ChosenFile} file
   * @param {{kind: Kind, fingerprint: Fingerprint}} made
   */
  succeed(file, { kind, fingerprint }) {
    Object.assign(file, { progress: 1, kind, fingerprint, shortfall: fingerprint.shortfall });
    this.#settle();
  }

  /**
   * @param {ChosenFile} file
   * @param {Reason} reason
   */
  fail(file, reason) {
    Object.assign(file, { state: "unusable", reason });
  }

  /** Forget everything. */
  clear() {
    for (const file of this.#files) {
      file.reading.abort();
      Object.assign(file, { name: "", label: "", fingerprint: null, sameAs: null });
    }
    this.#files = [];
  }

  /**
   * Of those that have been read: which are protected, in the order in which they were chosen.
   */
  #settle() {
    /** @type {Map<string, ChosenFile>} */
    const first = new Map();
    for (const file of this.#files) {
      if (file.fingerprint === null) continue;
      const { hash } = file.fingerprint;
      const sameAs = first.get(hash) ?? null;
      const hasRoom = first.size < this.#limit;
      if (sameAs !== null) Object.assign(file, { state: "repeated", reason: null, sameAs });
      else if (!hasRoom) Object.assign(file, { state: "unusable", reason: "too-many", sameAs });
      else Object.assign(file, { state: "ready", reason: null, sameAs });
      if (file.state === "ready") first.set(hash, file);
    }
  }
}
