/**
 * PDQ: the vectors that Python and the browser share, and the fast way against a plain one.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { bands } from "../../web/pdq/bands.mjs";
import { PdqAccumulator, hashRgba, isDegenerate } from "../../web/pdq/pdq.mjs";

const SPEC = new URL("../../spec/vectors/", import.meta.url);

/** Read a portable pixmap: "P6", width, height, 255, then red, green and blue of each pixel. */
function readPpm(url) {
  const content = readFileSync(url);
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(content.subarray(0, 64).toString("latin1"));
  assert.ok(header, `${url} is no portable pixmap with 8 bits`);
  const [width, height] = [Number(header[1]), Number(header[2])];
  const rgb = content.subarray(header[0].length);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgba.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel);
  }
  return { rgba, width, height };
}

/** Numbers from 0 (inclusive) to 1 (exclusive), the same each time. Source: mulberry32. */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A picture of soft waves and some noise: it has detail at every size, as photos do. */
function textured(width, height, seed) {
  const next = random(seed);
  const waves = Array.from({ length: 12 }, () => {
    return [next() * 20, next() * 20, next() * 7, 20 + next() * 20];
  });
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height];
    for (let colour = 0; colour < 3; colour++) {
      let value = 128 + 20 * (next() - 0.5);
      for (const [across, down, phase, strength] of waves) {
        value += strength * Math.sin(across * x + down * y + phase + colour);
      }
      rgba[4 * pixel + colour] = value;
    }
    rgba[4 * pixel + 3] = 255;
  }
  return rgba;
}

/** One box blur along a line, sample by sample, as spec/pdq.md writes it. */
function blurred(line) {
  const window = Math.floor((line.length + 127) / 128);
  const half = Math.floor((window + 2) / 2);
  return line.map((_, at) => {
    const run = line.slice(Math.max(0, at - (window - half)), at + half);
    return run.reduce((sum, value) => sum + value, 0) / run.length;
  });
}

test("pictures of the shared vectors have the hash and the quality given there", () => {
  const { vectors } = JSON.parse(readFileSync(new URL("pdq.json", SPEC), "utf8"));
  assert.ok(vectors.length > 0);
  for (const vector of vectors) {
    const { rgba, width, height } = readPpm(new URL(`pdq/${vector.file}`, SPEC));
    assert.deepEqual([width, height], [vector.width, vector.height], vector.file);
    const { hash, quality } = hashRgba(rgba, width, height);
    assert.deepEqual([hash, quality], [vector.hash, vector.quality], vector.file);
  }
});

test("the weights are those of two box blurs sampled at 64 centres", () => {
  const next = random(1);
  for (const size of [5, 63, 64, 65, 127, 128, 129, 200, 256, 257, 511, 1000, 1537]) {
    const line = Array.from({ length: size }, () => 255 * next());
    const twice = blurred(blurred(line));
    const { first, start, weights } = bands(size);
    for (let row = 0; row < 64; row++) {
      let sum = 0;
      for (let at = start[row]; at < start[row + 1]; at++) {
        sum += weights[at] * line[first[row] + at - start[row]];
      }
      const expected = twice[Math.floor(((row + 0.5) * size) / 64)];
      assert.ok(Math.abs(sum - expected) < 1e-9, `${size}: ${row}`);
    }
  }
});

test("a side of 64 samples comes out unchanged", () => {
  const { first, weights } = bands(64);
  assert.deepEqual([...first], Array.from({ length: 64 }, (_, row) => row));
  assert.deepEqual([...weights], Array(64).fill(1));
});

test("strips of any height and in any order give the hash of the whole", () => {
  const [width, height] = [211, 307];
  const rgba = textured(width, height, 2);
  const whole = hashRgba(rgba, width, height);
  for (const rows of [1, 7, 64, 306]) {
    const strips = [];
    for (let row = 0; row < height; row += rows) strips.push(row);
    for (const order of [strips, strips.toReversed()]) {
      const accumulator = new PdqAccumulator(width, height);
      for (const row of order) {
        const count = Math.min(rows, height - row);
        accumulator.addRows(rgba.subarray(row * width * 4, (row + count) * width * 4), row, count);
      }
      assert.deepEqual(accumulator.finish(), whole);
    }
  }
});

test("half of the bits of a picture are ones", () => {
  for (let seed = 3; seed < 13; seed++) {
    const { hash } = hashRgba(textured(40 * seed, 300, seed), 40 * seed, 300);
    const ones = [...BigInt(`0x${hash}`).toString(2)].filter((bit) => bit === "1").length;
    assert.equal(ones, 128);
    assert.match(hash, /^[0-9a-f]{64}$/);
  }
});

test("a flat picture has quality 0, a busy one 100", () => {
  const flat = new Uint8ClampedArray(200 * 200 * 4).fill(77);
  assert.equal(hashRgba(flat, 200, 200).quality, 0);
  assert.equal(hashRgba(textured(200, 200, 4), 200, 200).quality, 100);
});

test("what lies in the fourth value does not matter", () => {
  const rgba = textured(100, 90, 5);
  const clear = rgba.map((value, at) => (at % 4 === 3 ? 0 : value));
  assert.deepEqual(hashRgba(clear, 100, 90), hashRgba(rgba, 100, 90));
});

test("rows that are missing, come twice or lie outside are an error", () => {
  const row = new Uint8ClampedArray(6 * 4);
  const accumulator = new PdqAccumulator(6, 5);
  assert.throws(() => accumulator.finish(), /5 of 5 rows/);
  accumulator.addRows(row, 0, 1);
  assert.throws(() => accumulator.addRows(row, 0, 1), RangeError);
  assert.throws(() => accumulator.addRows(row, 5, 1), RangeError);
  assert.throws(() => accumulator.addRows(row, 1, 2), RangeError);
  assert.throws(() => accumulator.finish(), /4 of 5 rows/);
});

test("a side below five pixels is an error", () => {
  for (const side of [4, 0, -5, 5.5, Number.NaN]) {
    assert.throws(() => new PdqAccumulator(side, 100), RangeError);
    assert.throws(() => new PdqAccumulator(100, side), RangeError);
  }
});

test("a hash with fewer than 32 or more than 224 ones is degenerate", () => {
  const withOnes = (count) => {
    const bits = "1".repeat(count).padEnd(256, "0");
    return BigInt(`0b${bits}`).toString(16).padStart(64, "0");
  };
  for (const ones of [0, 31, 225, 256]) assert.ok(isDegenerate(withOnes(ones)), `${ones}`);
  for (const ones of [32, 128, 224]) assert.ok(!isDegenerate(withOnes(ones)), `${ones}`);
});

test("what is no hash is an error, not a judgement", () => {
  for (const text of ["", "0".repeat(63), "0".repeat(65), "F".repeat(64), `${"0".repeat(64)}\n`]) {
    assert.throws(() => isDegenerate(text), RangeError);
  }
});
