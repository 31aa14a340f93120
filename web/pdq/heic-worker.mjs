/**
 * Hashes HEIC files where the browser does not decode them: in a worker of its own, because only
 * there may WebAssembly run.
 *
 * In: `{id, file, wasm}`, with what vendor/libheif.wasm holds: like every worker that sees a
 * picture, this one may fetch nothing but its code. Out: as worker.mjs.
 */

import { hashHeic } from "./heic-picture.mjs";
import { startLibheif } from "./libheif.mjs";
import { PictureError } from "./picture-error.mjs";

/** @typedef {{id: number, file: Blob, wasm: ArrayBuffer}} HeicRequest */
/** @typedef {import("./worker.mjs").HashReply} HashReply */

/** @type {import("./libheif.mjs").Libheif | null} */
let library = null;

/** @param {HashReply} reply */
function post(reply) {
  globalThis.postMessage(reply);
}

/**
 * @param {ArrayBuffer} wasm
 * @returns {Promise<import("./libheif.mjs").Libheif>}
 * @throws {PictureError} unknown-format: the browser runs no WebAssembly, as some are set to
 */
async function started(wasm) {
  try {
    return await startLibheif(wasm);
  } catch {
    throw new PictureError("unknown-format");
  }
}

addEventListener("message", async (/** @type {MessageEvent<HeicRequest>} */ event) => {
  const { id, file, wasm } = event.data;
  try {
    library ??= await started(wasm);
    const onProgress = (/** @type {number} */ progress) => post({ id, progress });
    post({ id, ...(await hashHeic(file, library, onProgress)) });
  } catch (error) {
    // What broke it may have broken the library: the next file gets it anew.
    library = null;
    post({ id, reason: error instanceof PictureError ? error.reason : "unreadable" });
  }
});

post({ ready: true });
