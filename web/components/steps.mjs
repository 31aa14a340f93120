/**
 * One document, one question at a time.
 *
 * The address and the title never change, so the history shows one page whatever a person
 * answered. Back goes one step back. The history entries hold a number and nothing else: the
 * browser writes them to disk.
 */

import { find } from "./elements.mjs";

/**
 * @typedef {object} Place
 * @property {number} run - which load of the page made the entry
 * @property {number} at - how many steps the entry is from the first
 */

export class Steps {
  #$root;
  #first;
  #run = performance.timeOrigin;
  /** @type {string[]} */
  #trail;
  #at = 0;
  #isStopped = false;
  /** @type {(name: string) => string} */
  #allow = (name) => name;
  /** @type {(name: string) => void} */
  #onShow = () => {};

  /**
   * @param {HTMLElement} $root - holds the `<section data-step>` elements
   * @param {string} first - the step to begin with
   */
  constructor($root, first) {
    this.#$root = $root;
    this.#first = first;
    this.#trail = [first];
    // Each step is shown from its top: the browser would scroll to where the last one was.
    history.scrollRestoration = "manual";
    history.replaceState(this.#place(0), "");
    window.addEventListener("popstate", (event) => this.#arrive(event.state));
    $root.addEventListener("click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-back]")) history.back();
    });
    this.#display(first);
  }

  /** The step that is shown. */
  get current() {
    return this.#trail[this.#at] ?? this.#first;
  }

  /** Whether the page is being left. */
  get isStopped() {
    return this.#isStopped;
  }

  /** How many entries of the history lie between here and the first step. */
  get depth() {
    return this.#at;
  }

  /**
   * Decide where Back and Forward may lead.
   *
   * @param {(name: string) => string} allow - gets the step asked for, gives the one to show
   */
  set allow(allow) {
    this.#allow = allow;
  }

  /**
   * @param {(name: string) => void} onShow - called before a step is shown
   */
  set onShow(onShow) {
    this.#onShow = onShow;
  }

  /**
   * Go on to a step.
   *
   * @param {string} name
   */
  show(name) {
    if (this.#isStopped) return;
    this.#at += 1;
    this.#trail = [...this.#trail.slice(0, this.#at), name];
    history.pushState(this.#place(this.#at), "");
    this.#display(name);
    this.#focusHeading(name);
  }

  /**
   * Put another step in the place of this one: Back does not return to this one.
   *
   * @param {string} name
   */
  replace(name) {
    if (this.#isStopped) return;
    this.#trail[this.#at] = name;
    this.#display(name);
    this.#focusHeading(name);
  }

  /**
   * Go back to the first step, as Back pressed often enough would.
   */
  restart() {
    if (this.#at > 0) history.go(-this.#at);
  }

  /**
   * Take no part in what the history does from now on: the page is being left.
   */
  stop() {
    this.#isStopped = true;
  }

  /**
   * @param {string} name
   * @returns {HTMLElement}
   */
  section(name) {
    return find(this.#$root, `[data-step="${name}"]`, HTMLElement);
  }

  /**
   * @param {number} at
   * @returns {Place}
   */
  #place(at) {
    return { run: this.#run, at };
  }

  /**
   * @param {Place | null} place
   */
  #arrive(place) {
    if (this.#isStopped) return;
    // An entry from before the page was loaded again: what was chosen then is gone.
    const isOurs = place !== null && place.run === this.#run;
    this.#at = isOurs ? place.at : 0;
    if (!isOurs) {
      this.#trail = [this.#first];
      history.replaceState(this.#place(0), "");
    }
    const name = this.#allow(this.current);
    this.#trail[this.#at] = name;
    this.#display(name);
    this.#focusHeading(name);
  }

  /**
   * @param {string} name
   */
  #display(name) {
    this.#onShow(name);
    for (const $step of this.#$root.querySelectorAll("[data-step]")) {
      $step.toggleAttribute("hidden", $step.getAttribute("data-step") !== name);
    }
  }

  /**
   * The new question is read out, and the page begins at its top.
   *
   * @param {string} name
   */
  #focusHeading(name) {
    window.scrollTo(0, 0);
    this.section(name).querySelector("h1")?.focus({ preventScroll: true });
  }
}
