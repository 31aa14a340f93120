/**
 * MD5 of a file of any size: what other services know videos by. Finds exact copies only.
 *
 * Runs WebAssembly, which a page may not: it belongs in md5-worker.mjs.
 */

import "../vendor/md5.mjs";
import { VideoError } from "./video-error.mjs";

/** @type {import("../vendor/md5.mjs").Md5Maker} */
const { createMD5 } = /** @type {any} */ (globalThis).hashwasm;

/** Bytes in memory at once. */
const CHUNK = 1024 ** 2;

/**
 * @param {Blob} file
 * @param {import("./frames.mjs").HashOptions} options - progress is told at every piece
 * @returns {Promise<string>} 32 lower-case hexadecimal digits
 * @throws {VideoError} unreadable or cancelled
 */
export async function md5Of(file, { onProgress, signal }) {
  const md5 = (await createMD5()).init();
  let read = 0;
  for await (const piece of piecesOf(file)) {
    if (signal.aborted) throw new VideoError("cancelled");
    md5.update(piece);
    read += piece.length;
    onProgress(read / file.size);
  }
  return md5.digest();
}

/**
 * @param {Blob} file
 * @returns {AsyncGenerator<Uint8Array, void, unknown>} each only until the next is asked for
 * @throws {VideoError} unreadable
 */
async function* piecesOf(file) {
  const reader = reusingReader(file);
  try {
    yield* reader === null ? slicesOf(file) : readPieces(reader);
  } catch {
    throw new VideoError("unreadable");
  } finally {
    await reader?.cancel().catch(() => {});
  }
}

/**
 * @param {Blob} file
 * @returns {ReadableStreamBYOBReader | null} null where the browser has none (Safari, for long)
 */
function reusingReader(file) {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

/**
 * One buffer, handed back and forth: the pieces of a large file are not left lying about.
 *
 * @param {ReadableStreamBYOBReader} reader
 * @returns {AsyncGenerator<Uint8Array, void, unknown>}
 */
async function* readPieces(reader) {
  let buffer = new ArrayBuffer(CHUNK);
  for (;;) {
    const { value, done } = await reader.read(new Uint8Array(buffer));
    if (done || value === undefined) return;
    yield value;
    buffer = value.buffer;
  }
}

/**
 * @param {Blob} file
 * @returns {AsyncGenerator<Uint8Array, void, unknown>}
 */
async function* slicesOf(file) {
  for (let at = 0; at < file.size; at += CHUNK) {
    yield new Uint8Array(await file.slice(at, at + CHUNK).arrayBuffer());
  }
}
