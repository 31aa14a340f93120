/**
 * What both workers do: take one file at a time from their page, tell how far they are, answer.
 *
 * In: `{id, file}`, and `{cancel}` with the id of a file. Out: `{ready: true}` once; then for each
 * file any number of `{id, progress}` with 0 to 1, and last `{id, result}` or `{id, reason}`.
 * Nothing leaves a worker but these messages to its own page.
 */

import { asVideoError } from "./video-error.mjs";

/** @typedef {import("./frames.mjs").HashOptions} HashOptions */
/** @typedef {{id: number, file: Blob} | {cancel: number}} FileRequest */
/**
 * @template Result
 * @typedef {{ready: true} | {id: number, progress: number} | {id: number, result: Result}
 *   | {id: number, reason: import("./video-error.mjs").VideoReason}} FileReply
 */

/** Milliseconds from one word on the progress to the next: decoders are quicker than pages. */
const PAUSE_MS = 100;

/**
 * @param {(file: Blob, options: HashOptions) => Promise<unknown>} work - rejects with a VideoError
 * @param {import("./video-error.mjs").VideoReason} otherwise - told when *work* fails otherwise
 */
export function serve(work, otherwise) {
  /** @type {Map<number, AbortController>} */
  const running = new Map();

  /**
   * @param {number} id
   * @param {Blob} file
   */
  async function answer(id, file) {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const options = { onProgress: sparse((progress) => post({ id, progress })) };
      post({ id, result: await work(file, { ...options, signal: controller.signal }) });
    } catch (error) {
      post({ id, reason: asVideoError(error, otherwise).reason });
    } finally {
      running.delete(id);
    }
  }

  addEventListener("message", (/** @type {MessageEvent<FileRequest>} */ event) => {
    const request = event.data;
    if ("cancel" in request) running.get(request.cancel)?.abort();
    else void answer(request.id, request.file);
  });
  post({ ready: true });
}

/** @param {FileReply<unknown>} reply */
function post(reply) {
  globalThis.postMessage(reply);
}

/**
 * @param {(progress: number) => void} tell
 * @returns {(progress: number) => void} passes on one in `PAUSE_MS`
 */
function sparse(tell) {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < PAUSE_MS) return;
    last = now;
    tell(progress);
  };
}
