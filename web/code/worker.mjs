/**
 * Makes the tokens of a code away from the page. Its first message, `{ready}`, says that all its code is there.
 *
 * Argon2id runs as WebAssembly, which the page's own policy forbids; this file is served with one
 * that allows it. In: `{secret}`. Out: once `{tokens, digests, noteKey}` or `{code}`. The root never
 * leaves this worker, which is ended after its one answer.
 */

// Before it is used, so that a prepared worker needs no network.
import "../vendor/argon2.mjs";
import { KEY_BYTES, KeysError, SLOTS, deriveRoot, noteKey, token, tokenDigest } from "./keys.mjs";

/** @typedef {{ready: true}} VaultReady */
/** @typedef {{secret: Uint8Array}} VaultRequest */
/**
 * Tokens and digests: [SLOTS × 32] bytes, slot after slot. The key of the notes cannot be read out.
 *
 * @typedef {{tokens: Uint8Array, digests: Uint8Array, noteKey: CryptoKey}} VaultKeys
 * @typedef {VaultKeys | {code: KeysError["code"]}} VaultReply
 */

/**
 * @param {Uint8Array} secret - 10 bytes; overwritten with zeros
 * @returns {Promise<VaultReply>}
 */
async function derive(secret) {
  const tokens = new Uint8Array(SLOTS * KEY_BYTES);
  const digests = new Uint8Array(SLOTS * KEY_BYTES);
  const root = await deriveRoot(secret);
  secret.fill(0);
  for (let slot = 0; slot < SLOTS; slot++) {
    const bytes = await token(root, slot);
    tokens.set(bytes, slot * KEY_BYTES);
    digests.set(await tokenDigest(bytes), slot * KEY_BYTES);
  }
  const keys = { tokens, digests, noteKey: await noteKey(root) };
  root.fill(0);
  return keys;
}

addEventListener("message", async (/** @type {MessageEvent<VaultRequest>} */ event) => {
  /** @type {VaultReply} */
  let reply;
  try {
    reply = await derive(event.data.secret);
  } catch (error) {
    reply = { code: error instanceof KeysError ? error.code : "failed" };
  }
  globalThis.postMessage(reply);
});

globalThis.postMessage(/** @type {VaultReady} */ ({ ready: true }));
