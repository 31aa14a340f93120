import assert from "node:assert/strict";
import { test } from "node:test";

import { citedFor, missingIn, notice } from "../../web/portal/notice.mjs";

const NAMES =
  "subject greeting self helper spread deepnude voyeurism threat addresses laws remove stop tida preserve answer faith signature contact";
const parts = Object.fromEntries(
  NAMES.split(" ").map((name) => [name, { en: `<${name}>`, nl: `<${name} nl>`, fr: "", de: "" }]),
);
const law = (id, more) => ({
  cite: { en: id, nl: `${id} nl`, fr: id, de: id }, forms: ["spread"], valid_from: "2026-09-01", valid_to: null, binding: null, ...more,
});
const laws = [
  law("new"),
  law("old", { valid_from: "2022-06-01", valid_to: "2026-08-31" }),
  law("american", { valid_from: "2026-05-19", binding: "tida" }),
  law("always", { forms: ["threat"], valid_from: "" }),
  law("other", { forms: ["voyeurism"] }),
];
const answers = {
  role: "self", form: "spread", day: "2026-11-24", addresses: ["https://x.example/1"], name: "Ann", email: "ann@example.org", bound: new Set(),
};
const cited = (changes) => citedFor(laws, { ...answers, ...changes }).map(({ cite }) => cite.en);

test("a law is named for its form, its days, and the platforms that it binds", () => {
  assert.deepEqual(cited({}), ["new"]);
  assert.deepEqual(cited({ day: "2026-08-31" }), ["old"]);
  assert.deepEqual(cited({ day: "2026-09-01" }), ["new"]);
  assert.deepEqual(cited({ bound: new Set(["tida", "dsa"]) }), ["new", "american"]);
  assert.deepEqual(cited({ form: "voyeurism" }), ["other"]);
  assert.deepEqual(cited({ day: "2020-01-01" }), []);
  assert.deepEqual(cited({ day: "2020-01-01", form: "threat" }), ["always"]);
});

test("a notice says who, what, where, why, what is asked, in good faith, and who signs", () => {
  assert.equal(
    notice(parts, laws, answers, "en"),
    "<subject>\n\n<greeting>\n\n<self> <spread>\n\n<addresses>\nhttps://x.example/1\n\n<laws>\n- new\n\n" +
      "<remove>\n\n<preserve>\n\n<answer>\n\n<faith>\n\n<signature> Ann\n<contact> ann@example.org\n",
  );
});

test("it speaks the language that is asked for, and for somebody else too", () => {
  const text = notice(parts, laws, { ...answers, role: "helper" }, "nl");

  assert.ok(text.includes("<helper nl> <spread nl>") && text.includes("- new nl"));
});

test("the 48 hours are asked of those that are bound to them, and of no threat", () => {
  const bound = new Set(["tida"]);

  assert.ok(notice(parts, laws, { ...answers, bound }, "en").includes("<tida>"));
  assert.equal(notice(parts, laws, answers, "en").includes("<tida>"), false);
  const threat = notice(parts, laws, { ...answers, form: "threat", bound }, "en");
  assert.ok(threat.includes("<stop>"));
  assert.equal(threat.includes("<tida>") || threat.includes("<remove>"), false);
});

test("what is missing is named, and nothing stands in its place", () => {
  const bare = { ...answers, addresses: [], name: "", email: "" };

  assert.deepEqual(missingIn(bare), ["addresses", "name", "email"]);
  assert.deepEqual(missingIn(answers), []);
  assert.ok(notice(parts, laws, bare, "en").endsWith("<signature>\n<contact>\n"));
  assert.equal(notice(parts, [], answers, "en").includes("<laws>"), false);
});
