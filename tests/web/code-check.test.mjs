/**
 * What the check byte finds, tried exhaustively: the table in spec/code.md §2.
 *
 * A CRC is linear: whether an error is found depends on the bits that it changes and not on the
 * secret, so it is enough to know what each bit of the 88 does to the remainder.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { checkByte } from "../../web/code/check.mjs";

const BITS = 88;
const SECRET_BITS = 80;
const EMPTY = checkByte(new Uint8Array(10));

/** [88] what changing one bit changes in "check byte of the secret, against the one beside it". */
const REMAINDERS = Array.from({ length: BITS }, (_, bit) => {
  if (bit >= SECRET_BITS) return 0x80 >> (bit - SECRET_BITS);
  const secret = new Uint8Array(10);
  secret[bit >> 3] = 0x80 >> (bit & 7);
  return checkByte(secret) ^ EMPTY;
});

/** The remainder of a change of *width* bits that begins at *start*; null beyond the 88 bits. */
function remainder(start, width, change) {
  let sum = 0;
  for (let place = 0; place < width; place++) {
    if (((change >> (width - 1 - place)) & 1) === 0) continue;
    if (start + place >= BITS) return null;
    sum ^= REMAINDERS[start + place];
  }
  return sum;
}

test("the check byte is CRC-8/AUTOSAR", () => {
  // Source: the check value of the catalogue of CRCs, over the ASCII digits 1 to 9.
  assert.equal(checkByte(new TextEncoder().encode("123456789")), 0xdf);
});

test("the check byte is linear in the bits", () => {
  const secret = crypto.getRandomValues(new Uint8Array(10));
  let sum = EMPTY;
  for (let bit = 0; bit < SECRET_BITS; bit++) {
    if (secret[bit >> 3] & (0x80 >> (bit & 7))) sum ^= REMAINDERS[bit];
  }
  assert.equal(sum, checkByte(secret));
});

test("up to three wrong bits are always found", () => {
  assert.equal(new Set(REMAINDERS).size, BITS);
  assert.ok(!REMAINDERS.includes(0));
  for (let one = 0; one < BITS; one++) {
    for (let two = one + 1; two < BITS; two++) {
      const third = REMAINDERS.indexOf(REMAINDERS[one] ^ REMAINDERS[two]);
      assert.equal(third, -1, `${one} ${two} ${third}`);
    }
  }
});

test("any run of up to eight wrong bits is always found", () => {
  for (let start = 0; start < BITS; start++) {
    for (let change = 1; change < 256; change++) assert.notEqual(remainder(start, 8, change), 0);
  }
});

test("one wrong character is always found", () => {
  for (let place = 0; place < 18; place++) {
    for (let change = 1; change < 32; change++) assert.notEqual(remainder(place * 5, 5, change), 0);
  }
});

test("two neighbouring characters exchanged are always found", () => {
  for (let place = 0; place < 17; place++) {
    for (let change = 1; change < 32; change++) {
      const [one, other] = [remainder(place * 5, 5, change), remainder(place * 5 + 5, 5, change)];
      if (one !== null && other !== null) assert.notEqual(one, other);
    }
  }
});

test("of one wrong word 7 in 2047 pass, of two exchanged words 15", () => {
  const changes = Array.from({ length: 2047 }, (_, index) => index + 1);
  const passing = (count) => changes.filter((change) => count(change) === 0).length;
  for (let one = 0; one < 8; one++) {
    assert.equal(passing((change) => remainder(one * 11, 11, change)), 7);
    for (let other = one + 1; other < 8; other++) {
      const both = (change) => remainder(one * 11, 11, change) ^ remainder(other * 11, 11, change);
      assert.equal(passing(both), 15);
    }
  }
});
