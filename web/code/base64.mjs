/**
 * Bytes as base64 and back.
 */

/**
 * @param {Uint8Array} bytes - some hundred at most
 * @returns {string}
 */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer> | null} null when it is not base64
 */
export function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
