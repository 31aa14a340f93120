/**
 * Notes that only a code opens, against the vectors that another program made.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { noteKey } from "../../web/code/keys.mjs";
import { fits, openNote, randomNote, sealNote } from "../../web/code/note.mjs";

const { vectors } = JSON.parse(
  readFileSync(new URL("../../spec/vectors/code.json", import.meta.url), "utf8"),
);

function bytes(hex) {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

test("notes are sealed and opened as in the vectors", async () => {
  for (const { root, notes } of vectors) {
    const key = await noteKey(bytes(root));
    for (const { slot, text, nonce, note } of notes) {
      assert.equal(await sealNote(key, slot, text, bytes(nonce)), note);
      assert.equal(await openNote(key, slot, note), text);
    }
  }
});

test("a note opens with its own code and slot only, and not when it was changed", async () => {
  const key = await noteKey(bytes(vectors[0].root));
  const other = await noteKey(bytes(vectors[1].root));
  const note = await sealNote(key, 5, "the red dress");

  assert.equal(await openNote(key, 6, note), null);
  assert.equal(await openNote(other, 5, note), null);
  const first = note.startsWith("A") ? "B" : "A";
  for (const wrong of [first + note.slice(1), note.slice(0, -4), "", "é", randomNote()]) {
    assert.equal(await openNote(key, 5, wrong), null);
  }
});

test("the same text is another note each time, as long as no text and as the longest", async () => {
  const key = await noteKey(bytes(vectors[0].root));
  const notes = await Promise.all(["", "x", "x", "é".repeat(32)].map((text) => sealNote(key, 0, text)));

  assert.equal(new Set(notes).size, 4);
  for (const note of [...notes, randomNote()]) assert.match(note, /^[A-Za-z0-9+/]{124}$/);
});

test("a text that does not fit is refused, counted in bytes", async () => {
  const key = await noteKey(bytes(vectors[0].root));

  assert.ok(fits("a".repeat(64)) && fits("☀".repeat(21)));
  for (const text of ["a".repeat(65), "☀".repeat(22)]) {
    assert.ok(!fits(text));
    await assert.rejects(sealNote(key, 0, text), RangeError);
  }
});

test("the key of the notes cannot be read out", async () => {
  const key = await noteKey(bytes(vectors[0].root));

  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});
