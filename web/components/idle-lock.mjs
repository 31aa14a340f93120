/**
 * Calls back when a person has done nothing for a while.
 */

const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart"];

export class IdleLock {
  #limitMs;
  #onIdle;
  #lastSignAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {number} limitMs
   * @param {() => void} onIdle - called once; then the lock is stopped
   */
  constructor(limitMs, onIdle) {
    this.#limitMs = limitMs;
    this.#onIdle = onIdle;
    for (const sign of SIGNS_OF_LIFE) {
      document.addEventListener(sign, () => this.#stillHere(), { passive: true });
    }
    // A phone that slept may not have run the timer: look at the clock when it wakes.
    document.addEventListener("visibilitychange", () => this.#check());
  }

  start() {
    this.stop();
    this.#lastSignAt = Date.now();
    this.#timer = setTimeout(() => this.#check(), this.#limitMs);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #stillHere() {
    this.#check();
    this.#lastSignAt = Date.now();
  }

  #check() {
    if (this.#timer === undefined) return;
    const leftMs = this.#lastSignAt + this.#limitMs - Date.now();
    clearTimeout(this.#timer);
    if (leftMs > 0) {
      this.#timer = setTimeout(() => this.#check(), leftMs);
      return;
    }
    this.#timer = undefined;
    this.#onIdle();
  }
}
