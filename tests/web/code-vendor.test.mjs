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
    assert.equal(entry.licence, "MIT", name);
  }
});
