/**
 * What the bytes of a picture file show before it is decoded: format, size, and its end.
 */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isComplete } from "../../web/pdq/completeness.mjs";
import { isTaken, pictureFormat } from "../../web/pdq/format.mjs";
import { statedSize } from "../../web/pdq/stated-size.mjs";

/** Bytes from numbers, texts with one character a byte, and other bytes. */
function bytes(...parts) {
  const numbers = (part) => {
    if (typeof part === "number") return [part];
    return typeof part === "string" ? [...Buffer.from(part, "latin1")] : [...part];
  };
  return Uint8Array.from(parts.flatMap(numbers));
}

function big(number, size) {
  return Array.from({ length: size }, (_, at) => Math.floor(number / 256 ** (size - 1 - at)) % 256);
}

function little(number, size) {
  return big(number, size).reverse();
}

function segment(marker, content) {
  return bytes(0xff, marker, big(content.length + 2, 2), content);
}

function chunk(name, content) {
  return bytes(big(content.length, 4), name, content, big(0, 4));
}

function box(name, content) {
  return bytes(big(content.length + 8, 4), name, content);
}

const FRAME = segment(0xc2, bytes(8, big(600, 2), big(800, 2), 3, Array(9).fill(0)));
const TABLES = segment(0xc4, bytes(Array(20).fill(0)));
const SCAN = bytes(segment(0xda, bytes(1, 2, 3)), 1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd7, 5);
// A small picture inside the notes of the camera has an end of its own.
const NOTES = segment(0xe1, bytes("Exif\0\0", 0xff, 0xd8, 0xff, 0xda, 0, 2, 7, 0xff, 0xd9));
const JPEG = bytes(0xff, 0xd8, NOTES, 0xff, FRAME, TABLES, SCAN, TABLES, SCAN, 0xff, 0xd9);

const PNG = bytes(
  "\x89PNG\r\n\x1a\n",
  chunk("IHDR", bytes(big(800, 4), big(600, 4), 8, 2, 0, 0, 0)),
  chunk("IDAT", bytes(Array(40).fill(1))),
  chunk("IDAT", bytes(Array(40).fill(2))),
  chunk("IEND", []),
);

const GIF = bytes(
  "GIF89a", little(800, 2), little(600, 2), 0x80, 0, 0, Array(6).fill(9),
  0x21, 0xf9, 4, 0, 0, 0, 0, 0,
  0x2c, Array(8).fill(0), 0x80, Array(6).fill(9), 2, 3, 1, 2, 3, 2, 4, 5, 0,
);

const LOSSY = bytes(0, 0, 0, 0x9d, 1, 0x2a, little(800, 2), little(600, 2), Array(10).fill(0));
const VP8 = bytes("VP8 ", little(20, 4), LOSSY);
const WEBP = bytes("RIFF", little(4 + VP8.length, 4), "WEBP", VP8);

const AVIF = bytes(
  box("ftyp", bytes("mif1", 0, 0, 0, 0, "mif1", "avif")),
  box("meta", bytes(Array(30).fill(0))),
  big(1, 4), "mdat", big(36, 8), Array(20).fill(3),
);
const HEIC = bytes(
  box("ftyp", bytes("heic", 0, 0, 0, 0, "mif1", "heic")),
  box("mdat", bytes(Array(20).fill(3))),
);

/** Where AVIF and HEIC files may end as well: what is missing then, the decoder finds. */
const BETWEEN_BOXES = { avif: [24, 24 + 38], heic: [24] };

const WHOLE = { jpeg: JPEG, png: PNG, gif: GIF, webp: WEBP, avif: AVIF, heic: HEIC };

test("each format is known by its first bytes", () => {
  for (const [format, file] of Object.entries(WHOLE)) {
    assert.equal(pictureFormat(file), format);
    assert.ok(isTaken(format), format);
  }
});

test("a picture of a format that platforms refuse is known, and not taken", () => {
  for (const [format, ...start] of [
    ["bmp", "BM", little(999, 4), 0, 0, 0, 0],
    ["tiff", "II*\0"],
    ["tiff", "MM\0*"],
    ["jxl", 0xff, 0x0a],
  ]) {
    assert.equal(pictureFormat(bytes(...start, Array(20).fill(0))), format);
    assert.ok(!isTaken(format), format);
  }
});

test("what is no picture has no format", () => {
  const film = box("ftyp", bytes("isom", 0, 0, 2, 0, "isom", "avc1", "mp41"));
  const sound = bytes("RIFF", 0, 0, 0, 0, "WAVEfmt ");
  const texts = ["", "hello, this is a text", "%PDF-1.7 and more", "BMX is a kind of bicycle"];
  for (const file of [...texts.map((text) => bytes(text)), bytes(0xff), film, sound]) {
    assert.equal(pictureFormat(file), null);
  }
});

test("a whole file is complete, and so is one with more after its end", () => {
  for (const [format, file] of Object.entries(WHOLE)) assert.ok(isComplete(file, format), format);
  for (const format of ["jpeg", "png", "gif", "webp"]) {
    assert.ok(isComplete(bytes(WHOLE[format], "a film that the phone put here"), format), format);
  }
});

test("a file cut off anywhere is not complete", () => {
  for (const [format, file] of Object.entries(WHOLE)) {
    for (let length = 12; length < file.length; length++) {
      if (BETWEEN_BOXES[format]?.includes(length)) continue;
      assert.ok(!isComplete(file.subarray(0, length), format), `${format} at ${length}`);
    }
  }
});

test("a JPEG whose scan is missing is not complete", () => {
  assert.ok(!isComplete(bytes(0xff, 0xd8, NOTES, FRAME, 0xff, 0xd9), "jpeg"));
});

test("bytes between the segments of a JPEG are stepped over, as decoders do", () => {
  assert.ok(isComplete(bytes(0xff, 0xd8, NOTES, 0, 0, 7, FRAME, SCAN, 0xff, 0xd9), "jpeg"));
});

test("formats that are not looked into are left to the browser", () => {
  assert.ok(isComplete(bytes("II*\0"), "tiff"));
});

test("the stated size is read in each format that states it early", () => {
  for (const format of ["jpeg", "png", "gif", "webp"]) {
    assert.deepEqual(statedSize(WHOLE[format], format), { width: 800, height: 600 }, format);
  }
  assert.equal(statedSize(AVIF, "avif"), null);
});

test("both newer forms of WebP state their size", () => {
  const start = bytes("RIFF", little(30, 4), "WEBP");
  const canvas = bytes(0, 0, 0, 0, little(19_999, 3), little(69_999, 3));
  const extended = bytes(start, "VP8X", little(10, 4), canvas, Array(8).fill(0));
  assert.deepEqual(statedSize(extended, "webp"), { width: 20_000, height: 70_000 });
  const sides = little(16_382 + 599 * 2 ** 14, 4);
  const lossless = bytes(start, "VP8L", little(10, 4), 0x2f, sides, Array(9).fill(0));
  assert.deepEqual(statedSize(lossless, "webp"), { width: 16_383, height: 600 });
});

test("a file too short to state a size has none", () => {
  for (const format of ["jpeg", "png", "gif", "webp"]) {
    assert.equal(statedSize(WHOLE[format].subarray(0, 14), format), null, format);
  }
});
