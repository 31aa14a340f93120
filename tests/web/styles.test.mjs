/**
 * Every rule of the stylesheets has something to apply to.
 */

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../", import.meta.url);
const STYLES = new URL("web/styles/", ROOT);

function textsUnder(folder, ending) {
  const names = readdirSync(new URL(folder, ROOT), { recursive: true });
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(new URL(`${folder}${name}`, ROOT), "utf8"));
}

const USERS = [
  ...textsUnder("src/tegenbeeld/server/portal/templates/", ".html"),
  ...textsUnder("web/components/", ".mjs"),
  ...textsUnder("web/portal/", ".mjs"),
].join("\n");

for (const name of readdirSync(STYLES)) {
  const text = readFileSync(new URL(name, STYLES), "utf8").replaceAll(/\/\*[^]*?\*\//g, "");
  const selectors = [...text.matchAll(/([^{};]+)\{/g)].map(([, selector]) => selector);

  test(`${name}: classes and attributes are used by a page`, () => {
    for (const selector of selectors) {
      for (const [, used] of selector.matchAll(/[.[]([a-z][a-z-]*)/g)) {
        assert.match(USERS, new RegExp(`(?<![\\w-])${used}(?![\\w-])`), `${selector.trim()} in ${name}`);
      }
    }
  });

  test(`${name}: sides are start and end, so that it fits languages that run from the right`, () => {
    const physical = /(?<![\w-])(?:(?:margin|padding|border|inset)-)?(?:left|right)(?![\w-])|(?<![\w-])(?:min-|max-)?(?:width|height)\s*:/g;
    const declarations = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, body]) => body).join("\n");
    assert.deepEqual(declarations.match(physical) ?? [], []);
  });

  test(`${name}: no rule of the page hides in another`, () => {
    let depth = 0;
    for (const [sign] of text.matchAll(/@media|[{}]/g)) {
      if (sign === "@media") assert.equal(depth, 0, `@media within a block of ${name}`);
      else depth += sign === "{" ? 1 : -1;
    }
  });
}
