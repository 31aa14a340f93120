/**
 * What a person calls a picture, sealed so that only her code opens it. Contract and vectors:
 * spec/code.md, notes.
 *
 * Every note has the same length and looks random, also the one of a picture without a name.
 */

import { fromBase64, toBase64 } from "./base64.mjs";
import { subtle } from "./keys.mjs";

/** Longest text of a note, in bytes of UTF-8; inclusive. */
export const TEXT_BYTES = 64;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NOTE_BYTES = NONCE_BYTES + 1 + TEXT_BYTES + TAG_BYTES;

const UTF8 = new TextEncoder();

/**
 * @param {string} text
 * @returns {boolean} whether it is short enough for a note
 */
export function fits(text) {
  return UTF8.encode(text).length <= TEXT_BYTES;
}

/**
 * @param {CryptoKey} key - of the notes of one code
 * @param {number} slot - that the note belongs to: it opens in no other
 * @param {string} text - at most `TEXT_BYTES` long, or empty
 * @param {Uint8Array<ArrayBuffer>} [nonce] - 12 bytes, for the vectors alone; never the same twice
 * @returns {Promise<string>} 124 characters
 * @throws {RangeError} when the text is too long
 */
export async function sealNote(key, slot, text, nonce = randomBytes(NONCE_BYTES)) {
  const bytes = UTF8.encode(text);
  if (bytes.length > TEXT_BYTES) throw new RangeError(`A note has at most ${TEXT_BYTES} bytes.`);
  const padded = new Uint8Array(1 + TEXT_BYTES);
  padded[0] = bytes.length;
  padded.set(bytes, 1);
  const sealed = new Uint8Array(await subtle().encrypt(cipher(nonce, slot), key, padded));
  return toBase64(Uint8Array.of(...nonce, ...sealed));
}

/**
 * @param {CryptoKey} key - of the notes of one code
 * @param {number} slot
 * @param {string} note - as the server gave it
 * @returns {Promise<string | null>} the text, "" where there is none; null when the note was not
 *   made with this code for this slot
 */
export async function openNote(key, slot, note) {
  const bytes = fromBase64(note);
  if (bytes?.length !== NOTE_BYTES) return null;
  const nonce = bytes.slice(0, NONCE_BYTES);
  try {
    const opened = await subtle().decrypt(cipher(nonce, slot), key, bytes.slice(NONCE_BYTES));
    const padded = new Uint8Array(opened);
    return new TextDecoder("utf-8", { fatal: true }).decode(padded.subarray(1, 1 + padded[0]));
  } catch {
    return null;
  }
}

/**
 * @returns {string} 124 characters that look like a note and open with no key
 */
export function randomNote() {
  return toBase64(randomBytes(NOTE_BYTES));
}

/**
 * @param {Uint8Array<ArrayBuffer>} nonce
 * @param {number} slot
 * @returns {AesGcmParams}
 */
function cipher(nonce, slot) {
  const additionalData = UTF8.encode(`tegenbeeld/v1/note/${slot}`);
  return { name: "AES-GCM", iv: nonce, additionalData };
}

/**
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>}
 */
function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}
