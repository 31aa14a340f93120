import assert from "node:assert/strict";
import { test } from "node:test";

import { SLOTS } from "../../web/code/vault.mjs";
import { randomBelow, shuffled } from "../../web/components/shuffle.mjs";
import { batches, padded } from "../../web/portal/api.mjs";
import { protections, question, withDummies } from "../../web/portal/slots.mjs";

const digests = Array.from({ length: SLOTS }, (_, slot) => slot.toString(16).padStart(64, "d"));
const notes = digests.map((_, slot) => slot.toString(36).padStart(124, "n"));
const tokens = Array.from({ length: SLOTS }, (_, slot) => slot.toString(16).padStart(64, "a"));

/**
 * @param {string} hash
 * @returns {import("../../web/portal/fingerprint.mjs").Fingerprint}
 */
function picture(hash) {
  return { signal_type: "pdq", hash, quality: 90, frames: null, shortfall: null };
}

test("protections carry what each kind needs and nothing else, one slot for each file", () => {
  const fingerprints = [
    { ...picture("1".repeat(64)), name: "me.jpg" },
    { ...picture("2".repeat(32)), signal_type: /** @type {const} */ ("vpdq"), quality: null, frames: "AQ==" },
    { ...picture("3".repeat(32)), signal_type: /** @type {const} */ ("video_md5"), quality: null },
  ];

  const sent = protections(fingerprints, digests, notes);

  const byHash = Object.fromEntries(sent.map((each) => [each.hash[0], each]));
  assert.deepEqual(byHash, {
    1: {
      token_digest: digests[0], signal_type: "pdq", hash: "1".repeat(64), quality: 90, note: notes[0],
    },
    2: {
      token_digest: digests[1], signal_type: "vpdq", hash: "2".repeat(32), frames: "AQ==", note: notes[1],
    },
    3: { token_digest: digests[2], signal_type: "video_md5", hash: "3".repeat(32), note: notes[2] },
  });
});

test("protections of many files leave in another order than they were chosen", () => {
  const fingerprints = digests.map((_, slot) => picture(slot.toString(16).padStart(64, "0")));

  const sent = protections(fingerprints, digests, notes).map(({ hash }) => hash);

  assert.notDeepEqual(sent, fingerprints.map(({ hash }) => hash));
  assert.equal(new Set(sent).size, SLOTS);
});

test("what is sent is divided without loss, and each request has one of few lengths", () => {
  const fingerprints = digests.map((digest, slot) => ({
    ...picture(digest), frames: "A".repeat(1000 * slot), quality: null,
  }));
  const sent = protections(fingerprints, digests, notes);

  const divided = batches(sent);

  assert.deepEqual(divided.flat(), sent);
  assert.ok(divided.length > 10);
  const lengths = divided.map((some) => JSON.stringify(padded({ protections: some, years: 5 })).length);
  for (const length of lengths) {
    assert.ok(length <= 1024 * 1024);
    assert.ok(Number.isInteger(Math.log2(length / (16 * 1024))), `${length}`);
  }
});

test("one picture and forty make a request of the same length", () => {
  const lengths = [1, 40].map((count) => {
    const some = protections(digests.slice(0, count).map(picture), digests, notes);
    return JSON.stringify(padded({ protections: some, years: 1 })).length;
  });

  assert.deepEqual(lengths, [16 * 1024, 16 * 1024]);
});

test("a question holds all tokens in random order and puts the answers back", () => {
  const asked = question(tokens);

  assert.notDeepEqual(asked.tokens, tokens);
  assert.deepEqual([...asked.tokens].sort(), [...tokens].sort());
  assert.deepEqual(asked.inSlotOrder(asked.tokens.map((token) => `about ${token}`)), tokens.map((token) => `about ${token}`));
});

test("withdrawing one, some or all takes as many different tokens as there are slots", () => {
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
