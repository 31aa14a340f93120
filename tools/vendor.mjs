/**
 * Puts the browser's share of the installed packages into web/vendor/, which is not in the
 * repository: single files, unchanged, with their licences and a manifest of their SHA-256.
 * Beside them go our own descriptions (tools/vendor-types/) of what we use of each, for `tsc`.
 *
 *     node tools/vendor.mjs           write
 *     node tools/vendor.mjs --check   change nothing; exit 1 when something is missing or differs
 */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKAGES = new URL("../node_modules/", import.meta.url);
const TYPES = new URL("vendor-types/", import.meta.url);
const VENDOR = new URL("../web/vendor/", import.meta.url);

/** What is served: its name in web/vendor/, the package, and the file in the package. */
const FILES = [
  ["argon2.mjs", "hash-wasm", "dist/argon2.umd.min.js"],
  ["md5.mjs", "hash-wasm", "dist/md5.umd.min.js"],
  ["hash-wasm.LICENSE.txt", "hash-wasm", "LICENSE"],
  ["bip39-english.mjs", "@scure/bip39", "wordlists/english.js"],
  ["bip39-french.mjs", "@scure/bip39", "wordlists/french.js"],
  ["bip39.LICENSE.txt", "@scure/bip39", "LICENSE"],
  ["libheif.mjs", "libheif-js", "libheif-wasm/libheif.js"],
  ["libheif.wasm", "libheif-js", "libheif-wasm/libheif.wasm"],
  ["libheif.LICENSE.txt", "libheif-js", "libheif-wasm/LICENSE"],
  ["mediabunny.mjs", "mediabunny", "dist/bundles/mediabunny.min.mjs"],
  ["mediabunny.LICENSE.txt", "mediabunny", "LICENSE"],
];

/** An import or export from another file, or one made while running: a single file has none. */
const OUTSIDE_IMPORT =
  /\bimport\s*\(|(?<!["'.\w$])import(?:\s*|\b[^;()"'`]*?\bfrom\s*)["']|\bexport\b[^;()]*?\bfrom\s*["']/;

/**
 * @param {string} name - in web/vendor/
 * @param {string} packageName
 * @param {string} path - in the package
 * @returns {{content: Buffer, entry: object}}
 */
function load(name, packageName, path) {
  const folder = new URL(`${packageName}/`, PACKAGES);
  const content = readFileSync(new URL(path, folder));
  if (name.endsWith(".mjs") && OUTSIDE_IMPORT.test(content.toString("utf8"))) {
    throw new Error(`${packageName}/${path} imports another file: choose a single-file build.`);
  }
  const { version, license } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { content, entry: { package: packageName, version, licence: license, path, sha256 } };
}

/**
 * @returns {Map<string, Buffer>} name in web/vendor/ -> content, with manifest and descriptions
 */
function wanted() {
  const contents = new Map();
  const manifest = {};
  for (const [name, packageName, path] of FILES) {
    const { content, entry } = load(name, packageName, path);
    contents.set(name, content);
    manifest[name] = entry;
  }
  for (const name of readdirSync(TYPES)) contents.set(name, readFileSync(new URL(name, TYPES)));
  contents.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return contents;
}

/**
 * @returns {Map<string, Buffer>} name -> content of what is there
 */
function present() {
  mkdirSync(VENDOR, { recursive: true });
  const names = readdirSync(VENDOR);
  return new Map(names.map((name) => [name, readFileSync(new URL(name, VENDOR))]));
}

/**
 * @returns {number} exit status
 */
function main() {
  const target = wanted();
  const before = present();
  const wrong = [...target].filter(([name, content]) => !before.get(name)?.equals(content));
  const extra = [...before.keys()].filter((name) => !target.has(name));
  const stale = [...wrong.map(([name]) => name), ...extra];
  if (process.argv.includes("--check")) {
    if (stale.length > 0) {
      console.error(`web/vendor differs in ${stale.join(", ")}: run \`node tools/vendor.mjs\`.`);
    }
    return stale.length > 0 ? 1 : 0;
  }
  for (const [name, content] of wrong) writeFileSync(new URL(name, VENDOR), content);
  for (const name of extra) rmSync(new URL(name, VENDOR));
  const folder = fileURLToPath(VENDOR);
  console.log(`${target.size} files in ${folder}, ${stale.length} of them changed.`);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  const isMissing = error?.code === "ENOENT";
  const advice = isMissing ? " Run `npm ci --ignore-scripts` first." : "";
  console.error(`${error.message}${advice}`);
  process.exitCode = 1;
}
