/**
 * The keys that come from a secret. Contract and vectors: spec/code.md.
 *
 * `deriveRoot` runs WebAssembly, which a page may not: it belongs in worker.mjs.
 */

/** Protections that one code can hold. Source: spec/code.md, slots. */
export const SLOTS = 128;

/**
 * Files that the pages offer to protect with one code. The other slots are room for what has ended
 * and is still shown.
 */
export const CASE_FILES = 100;

/** Bytes of the root, of a token and of a digest. */
export const KEY_BYTES = 32;

const ASCII = new TextEncoder();

/** Source: spec/code.md, the root: RFC 9106 §4, second recommended option, with one lane. */
const ROOT = Object.freeze({
  salt: "tegenbeeld/code1",
  memorySize: 65536, // KiB
  iterations: 3,
  parallelism: 1,
});

/**
 * Keys that cannot be made.
 *
 * - `insecure`: the page did not come over HTTPS, so the browser has no cryptography for it
 * - `unreachable`: the code that makes them could not be fetched
 * - `failed`: too little memory, or it took too long
 * - `closed`: the vault was closed
 */
export class KeysError extends Error {
  /**
   * @param {"insecure" | "unreachable" | "failed" | "closed"} code
   */
  constructor(code) {
    super(
      {
        insecure: "Keys can only be made on a page that came over HTTPS.",
        unreachable: "The code that makes keys could not be fetched: try again.",
        failed: "The keys could not be made: close other programs and try again.",
        closed: "The vault is closed: enter the code again.",
      }[code],
    );
    this.name = "KeysError";
    /** @readonly */
    this.code = code;
  }
}

/**
 * @returns {SubtleCrypto}
 * @throws {KeysError} insecure
 */
export function subtle() {
  // Browsers leave it out on pages over plain HTTP, whatever its type says.
  const found = /** @type {SubtleCrypto | undefined} */ (globalThis.crypto?.subtle);
  if (found === undefined) throw new KeysError("insecure");
  return found;
}

/**
 * Slow on purpose: whoever guesses codes pays this for every guess.
 *
 * @param {Uint8Array} secret - 10 bytes
 * @returns {Promise<Uint8Array>} 32 bytes
 */
export async function deriveRoot(secret) {
  // Only here: pages, too, use this file, and need not fetch it.
  await import("../vendor/argon2.mjs");
  /** @type {import("../vendor/argon2.mjs").Argon2} */
  const { argon2id } = /** @type {any} */ (globalThis).hashwasm;
  const { salt, memorySize, iterations, parallelism } = ROOT;
  return argon2id({
    password: secret,
    salt: ASCII.encode(salt),
    memorySize,
    iterations,
    parallelism,
    hashLength: KEY_BYTES,
    outputType: "binary",
  });
}

/**
 * The capability for one protection: whoever has it may read and withdraw that one.
 *
 * @param {Uint8Array} root - 32 bytes
 * @param {number} slot - 0 to 127, both inclusive
 * @returns {Promise<Uint8Array>} 32 bytes
 */
export async function token(root, slot) {
  if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) {
    throw new RangeError(`Slot ${slot} is not one of 0 to ${SLOTS - 1}.`);
  }
  const key = await subtle().importKey("raw", own(root), "HKDF", false, ["deriveBits"]);
  const algorithm = expansion(`tegenbeeld/v1/protection/${slot}`);
  return new Uint8Array(await subtle().deriveBits(algorithm, key, KEY_BYTES * 8));
}

/**
 * The key of a person's own notes. It seals and opens, and cannot be read out.
 *
 * @param {Uint8Array} root - 32 bytes
 * @returns {Promise<CryptoKey>}
 */
export async function noteKey(root) {
  const key = await subtle().importKey("raw", own(root), "HKDF", false, ["deriveKey"]);
  const algorithm = { name: "AES-GCM", length: KEY_BYTES * 8 };
  const uses = /** @type {KeyUsage[]} */ (["encrypt", "decrypt"]);
  return subtle().deriveKey(expansion("tegenbeeld/v1/notes"), key, algorithm, false, uses);
}

/**
 * What the node keeps of a token: enough to know it again, too little to use it.
 *
 * @param {Uint8Array} token - 32 bytes
 * @returns {Promise<Uint8Array>} 32 bytes
 */
export async function tokenDigest(token) {
  return new Uint8Array(await subtle().digest("SHA-256", own(token)));
}

/**
 * @param {string} purpose - of the key
 * @returns {HkdfParams}
 */
function expansion(purpose) {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: ASCII.encode(purpose) };
}

/**
 * WebCrypto's types refuse bytes that may lie in shared memory; these never do.
 *
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
function own(bytes) {
  return /** @type {Uint8Array<ArrayBuffer>} */ (bytes);
}
