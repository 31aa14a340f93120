/**
 * What each folder of web/ may use, as web/README.md says.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { posix } from "node:path";
import { test } from "node:test";

const WEB = new URL("../../web/", import.meta.url);

const MAY_USE = {
  pdq: ["pdq", "vendor"],
  video: ["video", "pdq", "vendor"],
  code: ["code", "vendor"],
  components: ["components"],
  portal: ["portal", "components", "pdq", "video", "code", "vendor"],
};

/** The folders that a module names: in imports, in types, and as addresses of workers. */
function foldersUsed(folder, name) {
  const text = readFileSync(new URL(`${folder}/${name}`, WEB), "utf8");
  const named = text.matchAll(/(?:from\s+|import\s*\(?\s*|new URL\(\s*)["']([^"']+)["']/g);
  return [...named].map(([, target]) => {
    assert.match(target, /^\.\.?\//, `${folder}/${name} uses ${target}`);
    return posix.join(folder, target).split("/")[0];
  });
}

for (const [folder, allowed] of Object.entries(MAY_USE)) {
  test(`${folder} uses ${allowed.join(", ")} and nothing else`, () => {
    const names = readdirSync(new URL(folder, WEB)).filter((name) => name.endsWith(".mjs"));
    assert.ok(names.length > 3);
    for (const name of names) {
      for (const used of foldersUsed(folder, name)) assert.ok(allowed.includes(used), `${folder}/${name} uses ${used}`);
    }
  });
}

test("every folder of scripts has its rule", () => {
  const folders = readdirSync(WEB, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const ruled = [...Object.keys(MAY_USE), "styles", "vendor"];
  assert.deepEqual(folders.map(({ name }) => name).filter((name) => !ruled.includes(name)), []);
});
