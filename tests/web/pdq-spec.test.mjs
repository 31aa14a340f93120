/**
 * The formats and the limit of spec/pdq.md §2, which Python holds too.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { pictureFormat } from "../../web/pdq/format.mjs";
import { MAX_BYTES } from "../../web/pdq/inspection.mjs";

const SPEC = readFileSync(new URL("../../spec/pdq.md", import.meta.url), "utf8");

/** A file that begins with a box of these brands. */
function branded(...brands) {
  const text = ["ftyp", brands[0], "\0\0\0\0", ...brands.slice(1)].join("");
  return Buffer.concat([Buffer.from([0, 0, 0, text.length + 4]), Buffer.from(`${text}and more`, "latin1")]);
}

for (const format of ["avif", "heic"]) {
  test(`each brand of ${format} is known, up to the 32nd after the first`, () => {
    const row = SPEC.split("\n").find((line) => line.includes(`| ${format.toUpperCase()} |`));
    const brands = [...row.matchAll(/`(\w{4})`/g)].map(([, brand]) => brand).filter((brand) => brand !== "ftyp");
    assert.ok(brands.length >= 2);
    for (const brand of brands) {
      assert.equal(pictureFormat(branded(brand)), format, brand);
      assert.equal(pictureFormat(branded("xxxx", ...Array(31).fill("yyyy"), brand)), format, brand);
      assert.equal(pictureFormat(branded("xxxx", ...Array(32).fill("yyyy"), brand)), null, brand);
    }
  });
}

test("the largest file is that of the specification", () => {
  assert.ok(SPEC.includes(`at most ${MAX_BYTES / 2 ** 20} MiB`));
});
