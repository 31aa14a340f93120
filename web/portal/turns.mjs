/**
 * One picture and one video at a time, in the order in which they came, with a stop in between.
 */

/** @typedef {import("./fingerprint.mjs").Kind} Kind */

export class Turns {
  /** @type {Map<Kind, Promise<unknown>>} */
  #last = new Map();
  /** @type {Promise<void>} */
  #open = Promise.resolve();
  #goOn = () => {};

  /**
   * Do a piece of work once those of its kind that came before are over.
   *
   * @template T
   * @param {Kind} kind
   * @param {() => Promise<T>} work
   * @returns {Promise<T>} what the work gives, or throws
   */
  take(kind, work) {
    const before = this.#last.get(kind) ?? Promise.resolve();
    const own = before.then(() => this.#open).then(work);
    this.#last.set(kind, own.catch(() => {}));
    return own;
  }

  /** Begin nothing more. What is under way goes on to its end. */
  pause() {
    this.resume();
    this.#open = new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  /** Go on. Harmless when it goes on already. */
  resume() {
    this.#goOn();
  }
}
