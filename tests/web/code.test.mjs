/**
 * The code: what is shown, what is accepted, what is refused and why.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CodeError, newSecret, parse, toCharacters, toWords } from "../../web/code/code.mjs";
import { findWord, plainLetters } from "../../web/code/words.mjs";
import { wordlist, wordlists } from "../../web/code/wordlists.mjs";

const VECTORS = JSON.parse(
  readFileSync(new URL("../../spec/vectors/code.json", import.meta.url), "utf8"),
);

/** A secret of the vectors with eight different English words. */
const SECRET = bytes(VECTORS.vectors.at(-1).secret);

function bytes(hex) {
  return Uint8Array.from(Buffer.from(hex, "hex"));
}

function hex(secret) {
  return Buffer.from(secret).toString("hex");
}

/** The error that an entry is refused with. */
function refusal(text) {
  try {
    parse(text);
  } catch (error) {
    assert.ok(error instanceof CodeError, String(error));
    return error;
  }
  return assert.fail("The entry was accepted.");
}

test("secrets are shown as the vectors say", () => {
  for (const vector of VECTORS.vectors) {
    const secret = bytes(vector.secret);
    assert.deepEqual(toWords(secret, wordlist("en")), vector.words.english);
    assert.deepEqual(toWords(secret, wordlist("fr")), vector.words.french);
    assert.equal(toCharacters(secret), vector.characters);
  }
});

test("what is shown is read back, in every form", () => {
  for (const vector of VECTORS.vectors) {
    const rows = Object.values(vector.words).map((words) => words.join(" "));
    for (const form of [...rows, vector.characters]) {
      assert.equal(hex(parse(form).secret), vector.secret);
    }
  }
});

test("entries of the vectors are accepted however they are typed", () => {
  for (const { what, text, secret } of VECTORS.accepted) {
    assert.equal(hex(parse(text).secret), secret, what);
  }
});

test("entries of the vectors are refused for the reason and at the place given", () => {
  for (const { what, text, problem, position } of VECTORS.refused) {
    const error = refusal(text);
    assert.deepEqual([error.problem, error.position], [problem, position], what);
  }
});

test("a new secret is ten bytes, another one each time, and survives all forms", () => {
  const seen = new Set();
  for (let round = 0; round < 500; round++) {
    const secret = newSecret();
    assert.equal(secret.length, 10);
    seen.add(hex(secret));
    for (const list of wordlists) {
      assert.deepEqual(parse(toWords(secret, list).join(" ")).secret, secret);
    }
    assert.deepEqual(parse(toCharacters(secret)).secret, secret);
  }
  assert.equal(seen.size, 500);
});

test("characters are read in any grouping, also where no digit is among them", () => {
  const secret = bytes("6318c6318c6318c6318c");
  const compact = toCharacters(secret).replaceAll("-", "");
  assert.equal(compact, "CCCCCCCCCCCCCCCCCR");
  const threes = compact.match(/.{3}/g).join(" ");
  for (const entry of [compact, compact.toLowerCase(), [...compact].join(" "), threes]) {
    assert.deepEqual(parse(entry).secret, secret, entry);
  }
});

test("every one of the 2048 words is known in full and by four letters", () => {
  for (const list of wordlists) {
    assert.equal(list.length, 2048);
    list.forEach((word, place) => {
      const plain = plainLetters(word);
      assert.equal(findWord(plain, list), place);
      assert.equal(findWord(plain.slice(0, 4), list), place);
      const three = plain.slice(0, 3);
      assert.equal(findWord(three, list), list.indexOf(three));
    });
  }
});

test("a misspelt word is found at its place, with the word that was meant", () => {
  const words = toWords(SECRET, wordlist("en"));
  const slips = {
    "left out": ([a, , ...rest]) => [a, ...rest],
    doubled: ([a, b, ...rest]) => [a, b, b, ...rest],
    swapped: ([a, b, c, ...rest]) => [a, c, b, ...rest],
    replaced: ([a, , ...rest]) => [a, "q", ...rest],
  };
  for (const [slip, change] of Object.entries(slips)) {
    words.forEach((word, place) => {
      if (word.length < 5) return; // "wat" may be wait, want or way.
      const typed = change([...word]).join("");
      const error = refusal(words.with(place, typed).join(" "));
      assert.equal(error.problem, "word", `${slip} ${typed}`);
      assert.equal(error.position, place + 1);
      assert.equal(error.entry, typed);
      assert.ok(error.suggestions.includes(word), `${typed}: ${error.suggestions}`);
      assert.ok(error.suggestions.length <= 3);
    });
  }
});

test("a misspelt French word gets French suggestions, with their accents", () => {
  const words = toWords(SECRET, wordlist("fr"));
  const place = words.findIndex((word) => word !== word.normalize("NFD"));
  const typed = `${words[place].slice(0, 3)}q${words[place].slice(3)}`;
  const error = refusal(words.with(place, typed).join(" "));
  assert.equal(error.position, place + 1);
  assert.ok(error.suggestions.includes(words[place]), String(error.suggestions));
});

test("nothing is suggested for what is close to no word", () => {
  assert.deepEqual(refusal(`xqzztkk ${"abandon ".repeat(7)}`).suggestions, []);
});

test("words of two lists in one entry are refused at the first that does not fit", () => {
  const words = toWords(SECRET, wordlist("en")).with(6, "bélier");
  const error = refusal(words.join(" "));
  assert.deepEqual([error.problem, error.position], ["word", 7]);
});

test("words that are in both lists are read by the list whose check byte is right", () => {
  const [english, french] = wordlists;
  const shared = english.filter((word) => french.includes(word));
  assert.ok(shared.length > 50);
  let tried = 0;
  for (let turn = 0; tried < 20; turn++) {
    // Rows of shared words, one after another, until twenty of them are French codes.
    const row = Array.from({ length: 8 }, (_, place) => {
      return shared[(turn * (7 + place) + place * 13) % shared.length];
    });
    const only = (list) => {
      try {
        return hex(parse(row.join(" "), [list]).secret);
      } catch {
        return null;
      }
    };
    if (only(french) === null || only(english) !== null) continue;
    tried += 1;
    assert.equal(hex(parse(row.join(" ")).secret), only(french));
  }
});

test("a length says how many were found", () => {
  const cases = [
    ["abandon zoo able", "words", 3],
    ["0123-4567-89", "characters", 10],
    ["ABCDEF-GHJKMN-PQRST", "characters", 17],
  ];
  for (const [text, form, found] of cases) {
    const error = refusal(text);
    assert.deepEqual([error.problem, error.form, error.found], ["length", form, found]);
  }
});

test("any text at all is read or refused with a CodeError", () => {
  const long = "x".repeat(5000);
  const pieces = ["abandon", "zoo", "0", "é", "\u0301", "—", "🙂", "1.", "\n", "ZZZZZZ", "İ", "ﬁ", long];
  for (let seed = 1; seed < 400; seed++) {
    const length = seed % 23;
    const text = Array.from({ length }, (_, place) => {
      return pieces[(seed * 31 + place * place * 17) % pieces.length];
    });
    for (const entry of [text.join(" "), text.join("")]) refusal(entry);
  }
  assert.equal(refusal("abandon ".repeat(100_000)).problem, "length");
});

test("an error never repeats the code in its message", () => {
  const error = refusal("abandon abandon abandon xqzzt abandon abandon abandon abandon");
  assert.ok(!error.message.includes("xqzzt") && !error.message.includes("abandon"));
});

test("a secret of another length is refused", () => {
  assert.throws(() => toWords(new Uint8Array(9), wordlist("en")), RangeError);
});

test("French pages get French words, all others English ones", () => {
  assert.equal(wordlist("fr-BE")[0], "abaisser");
  for (const language of ["en", "nl", "de-AT", "frr", ""]) {
    assert.equal(wordlist(language)[0], "abandon");
  }
});
