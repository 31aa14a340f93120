/**
 * The step at which pictures and videos are chosen and hashed.
 */

import { fits } from "../code/note.mjs";
import { CASE_FILES } from "../code/vault.mjs";
import { find } from "../components/elements.mjs";
import { clearProblems, showProblems } from "../components/error-summary.mjs";
import { FileList } from "../components/file-list.mjs";
import { FileSet } from "./file-set.mjs";
import { FingerprintMaker, reasonOf } from "./fingerprint.mjs";
import { Turns } from "./turns.mjs";

/** @typedef {import("../components/words.mjs").Words} Words */
/** @typedef {import("./file-set.mjs").ChosenFile} ChosenFile */

export class FilesStep {
  #$step;
  #$files;
  #$pause;
  #words;
  #set = new FileSet(CASE_FILES);
  #list;
  #maker = new FingerprintMaker();
  #turns = new Turns();
  #isPaused = false;

  /**
   * @param {HTMLElement} $step
   * @param {{words: Words, onContinue: () => void}} options
   */
  constructor($step, { words, onContinue }) {
    this.#$step = $step;
    this.#words = words;
    this.#$files = find($step, "input[type=file]", HTMLInputElement);
    this.#list = new FileList(find($step, "[data-pictures]", HTMLElement), {
      words,
      onRemove: (/** @type {ChosenFile} */ file) => this.#remove(file),
      onLabel: (/** @type {ChosenFile} */ file, text) => Object.assign(file, { label: text }),
      fits,
    });
    this.#$files.addEventListener("change", () => {
      this.#add([...(this.#$files.files ?? [])]);
      // The browser would keep the names, and would not notice the same file chosen again.
      this.#$files.value = "";
    });
    this.#$pause = find($step, "[data-pause]", HTMLButtonElement);
    this.#$pause.addEventListener("click", () => this.#pause(!this.#isPaused));
    this.#takeDrops(find($step, "[data-drop]", HTMLElement));
    find($step, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const problem = this.#problem();
      if (problem) showProblems($step, [{ text: problem, $field: this.#$files }]);
      else onContinue();
    });
  }

  /** Whether there is something to protect, and nothing is being read any more. */
  get isReady() {
    return this.#problem() === null;
  }

  /** The files that can be protected, in order. */
  get ready() {
    return this.#set.ready;
  }

  get unusable() {
    return this.#set.unusable;
  }

  /** Forget all that was chosen. */
  forget() {
    this.#set.clear();
    this.#show();
    this.#say("");
  }

  /**
   * @returns {string | null} why one cannot go on
   */
  #problem() {
    if (this.#set.isBusy) return this.#words.say("still_reading");
    return this.#set.ready.length === 0 ? this.#words.say("choose_file") : null;
  }

  /**
   * @param {File[]} files
   */
  #add(files) {
    clearProblems(this.#$step);
    if (!this.#isPaused) this.#say("");
    const added = files.map((file) => ({ file, chosen: this.#set.add(file.name) }));
    this.#show();
    for (const { file, chosen } of added) void this.#read(file, chosen);
  }

  /**
   * @param {File} file
   * @param {ChosenFile} chosen
   */
  async #read(file, chosen) {
    const { signal } = chosen.reading;
    const onProgress = (/** @type {number} */ progress) => {
      const isFirst = chosen.state === "waiting";
      Object.assign(chosen, { state: "reading", progress });
      if (isFirst) this.#list.show(this.#set.all);
      else this.#list.showProgress(chosen);
    };
    chosen.kind = await this.#maker.kindOf(file);
    try {
      const made = await this.#turns.take(chosen.kind, async () =>
        this.#set.has(chosen) ? this.#maker.make(file, chosen.kind, { onProgress, signal }) : null,
      );
      if (made !== null && this.#set.has(chosen)) this.#set.succeed(chosen, made);
    } catch (error) {
      this.#set.fail(chosen, reasonOf(error, chosen.kind));
    }
    this.#show();
    if (this.#set.isBusy) return;
    clearProblems(this.#$step);
    this.#sayHowMany();
  }

  /**
   * @param {ChosenFile} file
   */
  #remove(file) {
    const place = this.#set.all.indexOf(file);
    this.#set.remove(file);
    const { all } = this.#set;
    this.#show();
    if (!this.#list.focusAt(Math.min(place, all.length - 1))) this.#$files.focus();
    this.#say(this.#words.say("removed", { name: file.name }));
  }

  /** Show the files as they are, and the way to pause while there is something to pause. */
  #show() {
    this.#list.show(this.#set.all);
    if (!this.#set.isBusy && this.#isPaused) this.#pause(false);
    const hadFocus = this.#$pause === document.activeElement;
    this.#$pause.hidden = !this.#set.isBusy;
    if (hadFocus && this.#$pause.hidden) this.#$files.focus();
  }

  /**
   * @param {boolean} isPaused
   */
  #pause(isPaused) {
    this.#isPaused = isPaused;
    if (isPaused) this.#turns.pause();
    else this.#turns.resume();
    this.#$pause.textContent = this.#words.say(isPaused ? "go_on" : "pause");
    this.#say(isPaused ? this.#words.say("paused") : "");
  }

  #sayHowMany() {
    const { ready, all } = this.#set;
    this.#say(all.length === 0 ? "" : this.#words.count("files_ready", ready.length));
  }

  /**
   * @param {string} text
   */
  #say(text) {
    find(this.#$step, "[data-picture-status]", HTMLElement).textContent = text;
  }

  /**
   * Files may be dropped here, or pasted. Dropped beside it they are ignored: the browser would
   * open the file in place of the page.
   *
   * @param {HTMLElement} $zone
   */
  #takeDrops($zone) {
    const over = (/** @type {boolean} */ isOver) => $zone.classList.toggle("over", isOver);
    document.addEventListener("dragover", (event) => {
      event.preventDefault();
      over(event.target instanceof Node && $zone.contains(event.target));
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      over(false);
      const isInside = event.target instanceof Node && $zone.contains(event.target);
      if (isInside) this.#add([...(event.dataTransfer?.files ?? [])]);
    });
    document.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (this.#$step.hidden || files.length === 0) return;
      event.preventDefault();
      this.#add(files);
    });
  }
}
