/**
 * The keys of a code, against the vectors that another program made.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { KeysError, SLOTS, deriveRoot, noteKey, subtle, token, tokenDigest } from "../../web/code/keys.mjs";
import { Vault } from "../../web/code/vault.mjs";

const { vectors } = JSON.parse(
  readFileSync(new URL("../../spec/vectors/code.json", import.meta.url), "utf8"),
);

function hex(bytes) {
  return Buffer.from(bytes).toString("hex");
}

test("roots, tokens and digests are those of the vectors", async () => {
  for (const vector of vectors) {
    const root = await deriveRoot(Uint8Array.from(Buffer.from(vector.secret, "hex")));
    assert.equal(hex(root), vector.root);
    for (const [slot, expected] of Object.entries(vector.tokens)) {
      const bytes = await token(root, Number(slot));
      assert.equal(hex(bytes), expected);
      assert.equal(hex(await tokenDigest(bytes)), vector.token_digests[slot]);
    }
  }
});

test("there is no token for a slot that does not exist", async () => {
  const root = new Uint8Array(32);
  for (const slot of [-1, SLOTS, 1.5, Number.NaN]) {
    await assert.rejects(token(root, slot), RangeError);
  }
});

test("without the browser's cryptography the error says that the page is insecure", async () => {
  const there = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    assert.throws(subtle, (error) => error instanceof KeysError && error.code === "insecure");
    await assert.rejects(Vault.open(new Uint8Array(10)), { code: "insecure" });
  } finally {
    Object.defineProperty(globalThis, "crypto", there);
  }
});

test("a closed vault has wiped its tokens and gives none", async () => {
  const tokens = new Uint8Array(SLOTS * 32).fill(7);
  const digests = new Uint8Array(SLOTS * 32).fill(9);
  const vault = new Vault({ tokens, digests, noteKey: await noteKey(new Uint8Array(32)) });
  assert.equal(await vault.openNote(3, await vault.sealNote(3, "on the beach")), "on the beach");
  assert.deepEqual(vault.tokens(), Array(SLOTS).fill("07".repeat(32)));
  assert.deepEqual(vault.digests(), Array(SLOTS).fill("09".repeat(32)));
  vault.close();
  assert.ok(tokens.every((byte) => byte === 0) && digests.every((byte) => byte === 0));
  assert.throws(() => vault.tokens(), { code: "closed" });
  assert.throws(() => vault.digests(), { code: "closed" });
  await assert.rejects(vault.sealNote(0, ""), { code: "closed" });
  await assert.rejects(vault.openNote(0, null), { code: "closed" });
});
