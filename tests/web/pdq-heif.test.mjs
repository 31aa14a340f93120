/**
 * What is read of HEIC, AVIF and WebP files without decoding them, and how clear parts are laid
 * over white.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { rowsOverWhite } from "../../web/pdq/heic-picture.mjs";
import { heifSize } from "../../web/pdq/heif-boxes.mjs";
import { hideExif } from "../../web/pdq/webp.mjs";

const PICTURES = new URL("../pictures/", import.meta.url);

/** Bytes from numbers, texts with one character a byte, and other bytes. */
function bytes(...parts) {
  return Uint8Array.from(
    parts.flatMap((part) => {
      if (typeof part === "number") return [part];
      return typeof part === "string" ? [...Buffer.from(part, "latin1")] : [...part];
    }),
  );
}

function big(number, size) {
  return Array.from({ length: size }, (_, at) => Math.floor(number / 256 ** (size - 1 - at)) % 256);
}

function little(number, size) {
  return big(number, size).reverse();
}

function box(name, ...content) {
  const body = bytes(...content);
  return bytes(big(body.length + 8, 4), name, body);
}

function extent(width, height) {
  return box("ispe", 0, 0, 0, 0, big(width, 4), big(height, 4));
}

/** A file of two items, of which the second is shown, with numbers of each length. */
function heif({ isLong = false, isWide = false, sizes = [extent(160, 120), extent(800, 600)] } = {}) {
  const version = isLong ? 1 : 0;
  const number = (item) => big(item, isLong ? 4 : 2);
  const place = (index) => (isWide ? big(0x8000 | index, 2) : [0x80 | index]);
  const ties = [number(1), 2, place(1), place(2), number(2), 2, place(1), place(3)].flat();
  const properties = box("iprp", box("ipco", box("hvcC", 1, 2, 3), ...sizes),
    box("ipma", version, 0, 0, isWide ? 1 : 0, big(2, 4), ties));
  const shown = box("pitm", version, 0, 0, 0, number(2));
  return bytes(box("ftyp", "heic", 0, 0, 0, 0), box("meta", 0, 0, 0, 0, shown, properties));
}

test("the size is that of the item that the file shows, in every form of the tables", () => {
  for (const isLong of [false, true]) {
    for (const isWide of [false, true]) {
      assert.deepEqual(heifSize(heif({ isLong, isWide })), { width: 800, height: 600 });
    }
  }
  assert.deepEqual(heifSize(heif({ sizes: [extent(9, 9), extent(65_535, 4e9)] })), { width: 65_535, height: 4e9 });
});

test("the size is found in each HEIC file that an encoder wrote", () => {
  const names = readdirSync(PICTURES).filter((name) => name.endsWith(".heic"));
  assert.ok(names.length >= 10);
  for (const name of names) {
    const size = heifSize(readFileSync(new URL(name, PICTURES)));
    assert.deepEqual(size, { width: 320, height: 240 }, name);
  }
});

test("a file that is cut off or whose numbers lie has no size, and ends the search", () => {
  const whole = heif();
  for (let length = 0; length < whole.length; length++) {
    assert.equal(heifSize(whole.subarray(0, length)), null, String(length));
  }
  const lies = whole.slice();
  const at = Buffer.from(lies).indexOf("ipma") + 8;
  lies.set(big(2 ** 32 - 1, 4), at);
  lies.fill(0, at + 4);
  assert.equal(heifSize(lies), null);
  for (let seed = 1; seed < 3000; seed++) {
    const changed = whole.slice();
    changed[(seed * 7919) % whole.length] = (seed * 31) % 256;
    heifSize(changed);
  }
});

test("EXIF in WebP is hidden, and nothing else is changed", () => {
  const chunk = (name, length) => bytes(name, little(length, 4), Array(length + (length % 2)).fill(7));
  const image = chunk("VP8X", 10);
  const file = bytes("RIFF", little(0, 4), "WEBP", image, chunk("EXIF", 5), chunk("VP8 ", 9), chunk("EXIF", 4));
  const before = Buffer.from(file).toString("latin1");
  hideExif(file);
  assert.equal(Buffer.from(file).toString("latin1"), before.replaceAll("EXIF", "JUNK"));
  const inside = bytes("RIFF", little(0, 4), "WEBP", "VP8 ", little(8, 4), "EXIFEXIF");
  const same = inside.slice();
  hideExif(inside);
  assert.deepEqual(inside, same);
});

test("a WebP whose chunk is longer than the file is left as it is", () => {
  const file = bytes("RIFF", little(0, 4), "WEBP", "VP8 ", little(2 ** 32 - 1, 4), 1, 2, 3);
  const same = file.slice();
  hideExif(file);
  assert.deepEqual(file, same);
});

test("clear parts lie over white, rounded to the nearest", () => {
  for (const [colour, alpha] of [[0, 1], [0, 128], [255, 7], [100, 200], [3, 254]]) {
    const pixel = { width: 1, height: 1, stride: 4, data: bytes(colour, colour, colour, alpha) };
    const [over] = rowsOverWhite({ ...pixel, isPremultiplied: false }, 0, 1);
    assert.equal(over, Math.round((colour * alpha + 255 * (255 - alpha)) / 255));
    const [multiplied] = rowsOverWhite({ ...pixel, isPremultiplied: true }, 0, 1);
    assert.equal(multiplied, Math.min(255, colour + 255 - alpha));
  }
});

test("rows are taken from where they lie, without what fills them up", () => {
  const data = Uint8Array.from({ length: 36 }, (_, at) => (at % 4 === 3 ? 255 : at));
  const rows = rowsOverWhite({ width: 2, height: 3, stride: 12, data, isPremultiplied: false }, 1, 2);
  assert.deepEqual([...rows], [...data.subarray(12, 20), ...data.subarray(24, 32)]);
});
