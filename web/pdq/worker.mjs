/**
 * Hashes pictures away from the page, so that the page stays quick.
 *
 * In: `{id, file}`. Out: `{ready: true}` once; then for each file any number of
 * `{id, progress}` with 0 to 1, and last `{id, hash, quality}` or `{id, reason}`.
 * Nothing leaves this worker but these messages to its own page.
 */

import { PictureError } from "./picture-error.mjs";
import { hashPicture } from "./picture.mjs";

/** @typedef {{id: number, file: Blob}} HashRequest */
/**
 * @typedef {{ready: true} | {id: number, progress: number}
 *   | {id: number, hash: string, quality: number}
 *   | {id: number, reason: import("./picture-error.mjs").PictureReason}} HashReply
 */

/** @param {HashReply} reply */
function post(reply) {
  globalThis.postMessage(reply);
}

addEventListener("message", async (/** @type {MessageEvent<HashRequest>} */ event) => {
  const { id, file } = event.data;
  try {
    const onProgress = (/** @type {number} */ progress) => post({ id, progress });
    post({ id, ...(await hashPicture(file, { onProgress })) });
  } catch (error) {
    post({ id, reason: error instanceof PictureError ? error.reason : "unreadable" });
  }
});

post({ ready: true });
