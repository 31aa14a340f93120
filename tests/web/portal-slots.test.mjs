import assert from "node:assert/strict";
import { test } from "node:test";

import { SLOTS } from "../../web/code/vault.mjs";
import { randomBelow, shuffled } from "../../web/components/shuffle.mjs";
import { protections, question, withDummies } from "../../web/portal/slots.mjs";

const digests = Array.from({ length: SLOTS }, (_, slot) => slot.toString(16).padStart(64, "d"));
const tokens = Array.from({ length: SLOTS }, (_, slot) => slot.toString(16).padStart(64, "a"));

test("protections carry exactly four fields, one slot for each picture", () => {
  const pictures = [
    { hash: "1".repeat(64), quality: 90, name: "me.jpg", id: 7 },
    { hash: "2".repeat(64), quality: 80, name: "me2.jpg", id: 8 },
  ];

  const sent = protections(pictures, digests);

  for (const each of sent) {
    assert.deepEqual(Object.keys(each).sort(), ["hash", "quality", "signal_type", "token_digest"]);
    assert.equal(each.signal_type, "pdq");
  }
  const slotOf = Object.fromEntries(sent.map((each) => [each.hash, each.token_digest]));
  assert.deepEqual(slotOf, { ["1".repeat(64)]: digests[0], ["2".repeat(64)]: digests[1] });
});

test("protections of 32 pictures leave in another order than they were chosen", () => {
  const pictures = digests.map((_, slot) => ({ hash: slot.toString(16).padStart(64, "0"), quality: 60 }));

  const sent = protections(pictures, digests).map(({ hash }) => hash);

  assert.notDeepEqual(sent, pictures.map(({ hash }) => hash));
  assert.equal(new Set(sent).size, SLOTS);
});

test("a question holds all tokens in random order and puts the answers back", () => {
  const asked = question(tokens);

  assert.notDeepEqual(asked.tokens, tokens);
  assert.deepEqual([...asked.tokens].sort(), [...tokens].sort());
  assert.deepEqual(asked.inSlotOrder(asked.tokens.map((token) => `about ${token}`)), tokens.map((token) => `about ${token}`));
});

test("withdrawing one, some or all takes 32 different tokens", () => {
  for (const slots of [[3], [0, 5, 31], tokens.map((_, slot) => slot)]) {
    const sent = withDummies(tokens, slots);

    assert.equal(sent.length, SLOTS);
    assert.equal(new Set(sent).size, SLOTS);
    for (const token of sent) assert.match(token, /^[0-9a-f]{64}$/);
    const real = sent.filter((token) => tokens.includes(token)).sort();
    assert.deepEqual(real, slots.map((slot) => tokens[slot]).sort());
  }
});

test("random numbers stay below their bound and reach every value", () => {
  const drawn = new Set(Array.from({ length: 400 }, () => randomBelow(5)));

  assert.deepEqual([...drawn].sort(), [0, 1, 2, 3, 4]);
});

test("shuffling keeps the items and the array that was given", () => {
  const items = Object.freeze([1, 2, 3, 4, 5]);

  assert.deepEqual(shuffled(items).sort(), [...items]);
  assert.deepEqual(shuffled([]), []);
});
