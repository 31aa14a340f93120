import assert from "node:assert/strict";
import { test } from "node:test";

import { Words } from "../../web/components/words.mjs";
import { wordlist } from "../../web/code/wordlists.mjs";
import { choosePlaces, isWord } from "../../web/portal/proof.mjs";

const list = {
  hello: "Hello {name}, {name}!",
  files_one: "{count} file",
  files_other: "{count} files",
};

test("values go in as they are, a second time too, and never as a template", () => {
  const words = new Words(list, "en");

  assert.equal(words.say("hello", { name: "<b>{count}</b>" }), "Hello <b>{count}</b>, <b>{count}</b>!");
  assert.throws(() => words.say("missing"), /no word "missing"/);
});

test("plural forms follow the language", () => {
  assert.equal(new Words(list, "en").count("files", 1), "1 file");
  assert.equal(new Words(list, "en").count("files", 0), "0 files");
  assert.equal(new Words(list, "fr").count("files", 0), "0 file");
  assert.equal(new Words(list, "fr").count("files", 1_000_000), "1000000 files");
});

test("a day is written out in the language of the page, whatever the time zone", () => {
  assert.equal(new Words({}, "en").day("2026-11-03"), "3 November 2026");
  assert.equal(new Words({}, "nl").day("2026-11-03"), "3 november 2026");
  assert.equal(new Words({}, "de").day("2026-11-03"), "3. November 2026");
});

test("three different places are asked for, in rising order", () => {
  for (let round = 0; round < 50; round += 1) {
    const places = choosePlaces(8, 3);
    assert.equal(new Set(places).size, 3);
    assert.deepEqual(places, [...places].sort((one, other) => one - other));
    assert.ok(places.every((place) => place >= 0 && place < 8));
  }
});

test("a word proves itself in capitals, without accents and by four letters", () => {
  const english = wordlist("en");
  const french = wordlist("fr");

  assert.ok(isWord(" ABANDON ", "abandon", english));
  assert.ok(isWord("aban", "abandon", english));
  assert.ok(isWord("abaisser", "abaisser", french));
  assert.ok(!isWord("", "abandon", english));
  assert.ok(!isWord("ability", "abandon", english));
  assert.ok(!isWord("aba", "abandon", english));
});
