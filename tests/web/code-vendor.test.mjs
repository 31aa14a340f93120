/**
 * Other people's files in web/vendor: those that the lock file pins, unchanged.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const VENDOR = new URL("../../web/vendor/", import.meta.url);
/** Licences under which a file may be served beside ours. The last two: unchanged, and apart. */
const LICENCES = ["MIT", "LGPL-3.0", "MPL-2.0"];
const LOCK = new URL("../../package-lock.json", import.meta.url);

test("web/vendor is what tools/vendor.mjs makes of the installed packages", () => {
  const tool = fileURLToPath(new URL("../../tools/vendor.mjs", import.meta.url));
  execFileSync(process.execPath, [tool, "--check"], { stdio: "pipe" });
});

test("every file has the digest, the version and the licence that the manifest gives", () => {
  const manifest = JSON.parse(readFileSync(new URL("manifest.json", VENDOR), "utf8"));
  const lock = JSON.parse(readFileSync(LOCK, "utf8"));
  assert.ok(Object.keys(manifest).length >= 5);
  for (const [name, entry] of Object.entries(manifest)) {
    const content = readFileSync(new URL(name, VENDOR));
    assert.equal(createHash("sha256").update(content).digest("hex"), entry.sha256, name);
    assert.equal(lock.packages[`node_modules/${entry.package}`].version, entry.version, name);
    assert.ok(LICENCES.includes(entry.licence), name);
  }
});

test("every package whose files are served has its licence beside them", () => {
  const manifest = JSON.parse(readFileSync(new URL("manifest.json", VENDOR), "utf8"));
  const licensed = Object.entries(manifest).filter(([name]) => name.endsWith(".LICENSE.txt"));
  const packages = new Set(licensed.map(([, entry]) => entry.package));
  for (const [name, entry] of Object.entries(manifest)) assert.ok(packages.has(entry.package), name);
  const text = readFileSync(new URL("libheif.LICENSE.txt", VENDOR), "utf8");
  assert.match(text, /GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3/);
  const mozilla = readFileSync(new URL("mediabunny.LICENSE.txt", VENDOR), "utf8");
  assert.match(mozilla, /Mozilla Public License Version 2\.0/);
});
