/**
 * Videos, in what needs no browser: which kind a file is, which frames are looked at and kept, and
 * how their brightness is read. Contract: spec/video.md.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { hashRgba } from "../../web/pdq/pdq.mjs";
import { refuseClaims } from "../../web/video/claims.mjs";
import { videoKind } from "../../web/video/container.mjs";
import { hashLuma, planeToLuma, rgbaToLuma, upright } from "../../web/video/luma.mjs";
import { FrameKeeper, bitsApart } from "../../web/video/reduction.mjs";
import { SecondSampler, milliseconds } from "../../web/video/sampling.mjs";

function bytes(...parts) {
  const numbers = (part) => {
    if (typeof part === "number") return [part];
    return typeof part === "string" ? [...Buffer.from(part, "latin1")] : [...part];
  };
  return Uint8Array.from(parts.flatMap(numbers));
}

function big(number, size = 4) {
  return Array.from({ length: size }, (_, at) => Math.floor(number / 256 ** (size - 1 - at)) % 256);
}

function box(name, ...content) {
  const body = bytes(...content);
  return bytes(big(body.length + 8), name, body);
}

/** Which frames are looked at: their places and the seconds. */
function sampled(times) {
  const sampler = new SecondSampler();
  const over = times.map((at_ms, place) => sampler.take(place, at_ms));
  const due = [...over, sampler.finish()].filter((one) => one !== null && one.at_ms !== null);
  return due.map(({ frame, at_ms }) => [frame, at_ms]);
}

test("the frame of a second is the last one that appeared by then", () => {
  assert.deepEqual(sampled([0, 400, 999, 1000, 1001, 1500, 2100]), [[0, 0], [3, 1000], [5, 2000]]);
});

test("a frame that stays for seconds is looked at once, at the first of them", () => {
  assert.deepEqual(sampled([0, 990, 6400, 7000]), [[0, 0], [1, 1000], [3, 7000]]);
});

test("seconds after the last frame are not looked at", () => {
  assert.deepEqual(sampled([0]), [[0, 0]]);
  assert.deepEqual(sampled([0, 999]), [[0, 0]]);
  assert.deepEqual(sampled([0, 1000]), [[0, 0], [1, 1000]]);
  assert.deepEqual(sampled([]), []);
});

test("a frame that claims to be earlier than the one before appears with it", () => {
  assert.deepEqual(sampled([0, 1200, 700, 2500]), [[0, 0], [2, 2000]]);
  assert.deepEqual(sampled([0, 1200, 700, 1900]), [[0, 0]]);
});

test("the sampler gives back every frame, so that each can be closed", () => {
  const sampler = new SecondSampler();
  const back = [0, 10, 20, 1000, 5000].map((at_ms, place) => sampler.take(place, at_ms)?.frame);
  assert.deepEqual([...back, sampler.finish().frame], [undefined, 0, 1, 2, 3, 4]);
  assert.equal(sampler.finish(), null);
});

test("microseconds become milliseconds, halves up", () => {
  assert.deepEqual([0, 499, 500, 1_000_499, 33_367].map(milliseconds), [0, 0, 1, 1000, 33]);
});

const HASH = "f0".repeat(32);

/** The hash with its first bits changed. */
function changed(bits) {
  return HASH.replace(/^.{4}/, (start) =>
    (Number.parseInt(start, 16) ^ (2 ** bits - 1)).toString(16).padStart(4, "0"),
  );
}

function kept(...frames) {
  const keeper = new FrameKeeper();
  frames.forEach(([hash, quality], second) => keeper.add({ hash, quality, at_ms: second * 1000 }));
  return keeper.frames.map(({ at_ms }) => at_ms / 1000);
}

test("a frame within four bits of the one kept last is dropped, at five it stays", () => {
  assert.equal(bitsApart(HASH, changed(4)), 4);
  assert.deepEqual(kept([HASH, 80], [changed(4), 80], [changed(5), 80]), [0, 2]);
});

test("the one kept stands, so that slow change is not lost", () => {
  assert.deepEqual(kept([HASH, 80], [changed(3), 80], [changed(6), 80], [changed(9), 80]), [0, 2]);
});

test("frames with too little to see are not kept, and do not count as the one before", () => {
  const flat = "0".repeat(63) + "1";
  assert.deepEqual(kept([HASH, 49], [HASH, 50], [flat, 100], [HASH, 90]), [1]);
});

test("limited range is expanded, and full range left as it is", () => {
  const plane = { bytes: bytes(0, 16, 17, 125, 126, 235, 255, 99), offset: 1, stride: 3, width: 2, height: 2, bits: 8 };
  assert.deepEqual([...planeToLuma({ ...plane, isFullRange: true }).values], [16, 17, 126, 235]);
  assert.deepEqual([...planeToLuma({ ...plane, isFullRange: false }).values], [0, 1, 128, 255]);
});

test("every value of limited range is rounded to the nearest, halves up", () => {
  const all = Uint8Array.from({ length: 256 }, (_, value) => value);
  const plane = { bytes: all, offset: 0, stride: 256, width: 256, height: 1, bits: 8, isFullRange: false };
  const nearest = [...all].map((value) => Math.floor((510 * (value - 16) + 219) / 438));
  assert.deepEqual([...planeToLuma(plane).values], nearest.map((one) => Math.min(255, Math.max(0, one))));
});

test("of ten and twelve bits the upper eight are taken", () => {
  const words = (...values) => bytes(...values.flatMap((value) => [value % 256, value >> 8]));
  const plane = { offset: 0, stride: 4, width: 2, height: 1, isFullRange: true };
  assert.deepEqual([...planeToLuma({ ...plane, bytes: words(1023, 515), bits: 10 }).values], [255, 128]);
  assert.deepEqual([...planeToLuma({ ...plane, bytes: words(4095, 2063), bits: 12 }).values], [255, 128]);
});

test("colours are weighed in whole numbers", () => {
  const rgba = Uint8ClampedArray.of(255, 0, 0, 9, 0, 255, 0, 9, 0, 0, 255, 9, 255, 255, 255, 9);
  assert.deepEqual([...rgbaToLuma(rgba, 2, 2).values], [76, 150, 29, 255]);
});

test("a frame is turned clockwise, then mirrored", () => {
  const luma = { values: bytes(1, 2, 3, 4, 5, 6), width: 3, height: 2 };
  const turned = (degrees, isMirrored) => [...upright(luma, degrees, isMirrored).values];
  assert.deepEqual(turned(0, false), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(turned(90, false), [4, 1, 5, 2, 6, 3]);
  assert.deepEqual(turned(180, false), [6, 5, 4, 3, 2, 1]);
  assert.deepEqual(turned(270, false), [3, 6, 2, 5, 1, 4]);
  assert.deepEqual(turned(0, true), [3, 2, 1, 6, 5, 4]);
  assert.deepEqual(turned(90, true), [1, 4, 2, 5, 3, 6]);
  assert.equal(upright(luma, 90, false).width, 2);
});

test("brightness has the hash of the grey picture", () => {
  const [width, height] = [300, 517];
  const values = Uint8Array.from({ length: width * height }, (_, at) =>
    128 + 120 * Math.sin(at / 37) * Math.cos(at / width / 23),
  );
  const rgba = new Uint8Array([...values].flatMap((value) => [value, value, value, 255]));
  assert.deepEqual(hashLuma({ values, width, height }), hashRgba(rgba, width, height));
});

const PACKETS = bytes(...[0, 1, 2].flatMap(() => [0x47, Array(187).fill(1)]));

test("each kind of video is known by its first bytes", () => {
  for (const [kind, file] of [
    ["film", box("ftyp", "isom", big(512), "isommp41")],
    ["film", box("ftyp", "qt  ", big(0), "qt  ")],
    ["film", box("wide")],
    ["film", bytes("\x1a\x45\xdf\xa3", Array(30).fill(0))],
    ["film", PACKETS],
    ["gif", bytes("GIF89a", Array(30).fill(0))],
    ["webp", bytes("RIFF", big(99), "WEBPVP8X", 10, 0, 0, 0, 0x02, Array(9).fill(0))],
    ["other", bytes("RIFF", big(99), "AVI LIST")],
    ["other", bytes("FLV\x01", Array(20).fill(0))],
    [null, bytes("RIFF", big(99), "WEBPVP8X", 10, 0, 0, 0, 0x10, Array(9).fill(0))],
    [null, bytes("RIFF", big(99), "WAVEfmt ")],
    [null, box("ftyp", "heic", big(0), "mif1heic")],
    [null, bytes(0xff, 0xd8, 0xff, 0xe0, Array(30).fill(0))],
    [null, bytes("a text about videos")],
    [null, bytes("")],
  ]) {
    assert.equal(videoKind(file), kind, String.fromCharCode(...file.subarray(0, 16)));
  }
});

function index(...tables) {
  return box("moov", box("trak", box("mdia", box("minf", box("stbl", ...tables)))));
}

async function told(...parts) {
  try {
    await refuseClaims(new Blob(parts));
    return null;
  } catch (error) {
    return error.reason;
  }
}

const START = box("ftyp", "isom", big(0));
const ENTRY = (name) => box("stsd", big(0), big(1), box(name, Array(20).fill(0)));
const TIMES = (...counts) => box("stts", big(0), big(counts.length), ...counts.map((count) => [...big(count), ...big(1)]));

test("an ordinary index passes, and so does a file that is none", async () => {
  assert.equal(await told(START, box("mdat", Array(50).fill(1)), index(ENTRY("avc1"), TIMES(300, 200))), null);
  assert.equal(await told(bytes("a text that goes on for a while")), null);
  assert.equal(await told(""), null);
});

test("an encrypted video is told from its entry", async () => {
  for (const name of ["encv", "drmi"]) assert.equal(await told(START, index(ENTRY(name))), "protected");
  assert.equal(await told(START, index(ENTRY("avc1"), box("free", "encv"))), null);
});

test("an index that claims a billion frames is refused, in each table that can", async () => {
  const sizes = box("stsz", big(0), big(100), big(1e9));
  for (const table of [TIMES(1e9), TIMES(...Array(9).fill(2e6)), sizes]) {
    assert.equal(await told(START, index(ENTRY("avc1"), table)), "damaged");
  }
});

test("a fragment that claims a billion frames is refused, wherever it is", async () => {
  const movie = box("moov", box("mvex"));
  const fragment = (...counts) =>
    box("moof", box("traf", ...counts.map((count) => box("trun", big(0), big(count)))));
  assert.equal(await told(START, movie, fragment(30), box("mdat"), fragment(30)), null);
  assert.equal(await told(START, movie, fragment(30), box("mdat"), fragment(1e9)), "damaged");
  assert.equal(await told(START, movie, fragment(...Array(9).fill(50_000))), "damaged");
});

test("boxes with impossible sizes end the look, and nothing else", async () => {
  assert.equal(await told(START, big(3), "moov", Array(20).fill(0)), null);
  assert.equal(await told(START, big(1), "moov", big(4, 8), Array(20).fill(0)), null);
  assert.equal(await told(START, box("moov", big(2), "trak", Array(9).fill(0))), null);
});
