/**
 * Hashes pictures away from the page, so that the page stays quick.
 *
 * In: `{id, file}`. Out: `{ready: true}` once; then for each file any number of
 * `{id, progress}` with 0 to 1, and last `{id, hash, quality}`, `{id, reason}`, or
 * `{id, isForeign: true}` for a HEIC file that the browser does not decode.
 * Nothing leaves this worker but these messages to its own page.
 */

import { PictureError } from "./picture-error.mjs";
import { ForeignHeic, hashPicture } from "./picture.mjs";

/** @typedef {{id: number, file: Blob}} HashRequest */
/**
 * @typedef {{ready: true} | {id: number, progress: number}
 *   | {id: number, hash: string, quality: number} | {id: number, isForeign: true}
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
    if (error instanceof ForeignHeic) post({ id, isForeign: true });
    else post({ id, reason: error instanceof PictureError ? error.reason : "unreadable" });
  }
});

post({ ready: true });
