import assert from "node:assert/strict";
import { test } from "node:test";

import { Words } from "../../web/components/words.mjs";
import { standing } from "../../web/portal/standing.mjs";
import { pictureStatuses } from "../../web/portal/status.mjs";

const KEYS = ["standing_protected", "standing_stopped", "standing_checking"];
const words = new Words(
  Object.fromEntries([
    ...KEYS.flatMap((key) => [[`${key}_one`, `${key} {count}`], [`${key}_other`, `${key} {count}`]]),
    ["standing_quiet", "standing_quiet"],
  ]),
  "en",
);

/** A picture with platforms of these tones. */
const picture = (mayWithdraw, ...tones) => ({ mayWithdraw, platforms: tones.map((tone) => ({ tone })) });

test("each picture counts once, however many platforms found it", () => {
  const pictures = [
    picture(true, "stopped", "stopped", "quiet"),
    picture(true, "quiet", "checking"),
    picture(true, "stopped", "checking"),
    picture(true),
  ];

  assert.deepEqual(standing(pictures, words), [
    "standing_protected 4",
    "standing_stopped 2",
    "standing_checking 2",
  ]);
});

test("what has ended is not counted, and quiet is said", () => {
  assert.deepEqual(standing([picture(true, "quiet"), picture(false, "stopped")], words), [
    "standing_protected 1",
    "standing_quiet",
  ]);
  assert.deepEqual(standing([picture(false, "stopped")], words), []);
  assert.deepEqual(standing([], words), []);
});

test("a platform is told, looks out, and has found: the line goes as far", () => {
  const say = new Proxy({}, { get: (_, key) => String(key), has: () => true });
  const any = new Words(say, "en");
  const platform = { name: "X", listed_on: null, finding: null, found_on: null, stopped_on: null, concerned: true, withdrawal_confirmed_on: null };
  const slot = { state: "listed", signal_type: "pdq", protected_on: "2026-11-23", ends_on: "2031-12-01", withdrawn_on: null };
  const day = "2026-11-24";
  /** How far one platform has come. */
  const reached = (changes, state = "listed") =>
    pictureStatuses([{ ...slot, state, platforms: [{ ...platform, ...changes }] }], any, [])[0].platforms.map((each) => each.reached)[0];

  assert.equal(reached({}), 1);
  assert.equal(reached({ listed_on: day }), 2);
  assert.equal(reached({ listed_on: day, finding: "pending_review", found_on: day }), 3);
  assert.equal(reached({ listed_on: day, finding: "blocked", found_on: day, stopped_on: day }), 3);
  assert.equal(reached({ listed_on: day, finding: "not_blocked", found_on: day }), 2);
  assert.equal(reached({ listed_on: day, finding: "not_blocked", found_on: day, stopped_on: day }), 3);
  assert.equal(reached({ listed_on: day, withdrawal_confirmed_on: day }, "withdrawn"), null);
});
