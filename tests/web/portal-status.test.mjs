import assert from "node:assert/strict";
import { test } from "node:test";

import { Words } from "../../web/components/words.mjs";
import { pictureStatuses } from "../../web/portal/status.mjs";

const OF_PICTURES = ["soon", "protected_since", "protected_until", "withdrawn_on", "expired_on"];
const OF_EVENTS = [
  "platform_looking", "platform_file_only", "platform_pending", "platform_blocked", "platform_not_blocked", "platform_confirmed",
];
const OF_PLATFORMS = ["platform_waiting", "platform_not_confirmed", "platform_never_had"];
const words = new Words(
  Object.fromEntries([
    ...OF_PICTURES.map((key) => [key, `${key} {date}`]),
    ...OF_EVENTS.map((key) => [key, `${key} {platform} {date}`]),
    ...OF_PLATFORMS.map((key) => [key, `${key} {platform}`]),
    ["no_platform", "no_platform"],
  ]),
  "en",
);

const DAY = "2026-11-23";
const SHOWN = "23 November 2026";
const platform = {
  name: "X",
  listed_on: null,
  finding: null,
  found_on: null,
  stopped_on: null,
  concerned: true,
  withdrawal_confirmed_on: null,
};
const slot = {
  state: "listed",
  protected_on: DAY,
  ends_on: DAY,
  withdrawn_on: null,
  platforms: [platform],
};
const empty = { ...slot, state: "empty", protected_on: null, ends_on: null };

/** What is said of the one platform of a slot. */
function said(slotChanges, platformChanges) {
  const [status] = pictureStatuses(
    [{ ...slot, ...slotChanges, platforms: [{ ...platform, ...platformChanges }] }],
    words,
    [],
  );
  return status.platforms.flatMap(({ lines }) => lines.map(({ text }) => text));
}

test("empty slots are not shown, and numbers follow the slots", () => {
  const statuses = pictureStatuses([slot, empty, slot], words, []);

  assert.deepEqual(statuses.map(({ number }) => number), [1, 3]);
  assert.deepEqual(pictureStatuses([empty, empty], words, []), []);
});

test("a video is called one, by what she calls it, and a platform may know its file only", () => {
  const video = { ...slot, signal_type: "vpdq" };

  const [picture, film] = pictureStatuses([{ ...slot, signal_type: "pdq" }, video], words, ["", "beach"]);

  assert.deepEqual([picture.kind, picture.label, film.kind, film.label], ["picture", "", "video", "beach"]);
  assert.deepEqual(said({}, { listed_on: DAY, matches: "file" }), [`platform_file_only X ${SHOWN}`]);
});

test("a listed picture says since when, until when, and may be withdrawn", () => {
  const [status] = pictureStatuses([slot], words, []);

  assert.deepEqual(status.lines, [`protected_since ${SHOWN}`, `protected_until ${SHOWN}`]);
  assert.equal(status.mayWithdraw, true);
});

test("a platform that has not fetched is said to wait, one that has to look", () => {
  assert.deepEqual(said({}, {}), ["platform_waiting X"]);
  assert.deepEqual(said({}, { listed_on: DAY }), [`platform_looking X ${SHOWN}`]);
});

test("each finding has its own words", () => {
  for (const [finding, key] of [
    ["pending_review", "platform_pending"],
    ["not_blocked", "platform_not_blocked"],
  ]) {
    const lines = said({}, { listed_on: DAY, finding, found_on: DAY });
    assert.deepEqual(lines, [`platform_looking X ${SHOWN}`, `${key} X ${SHOWN}`]);
  }
  const stopped = { listed_on: DAY, finding: "blocked", found_on: DAY, stopped_on: DAY };
  assert.deepEqual(said({}, stopped), [`platform_looking X ${SHOWN}`, `platform_blocked X ${SHOWN}`]);
});

test("that a copy was stopped stays said when another one is found later", () => {
  const later = { listed_on: DAY, finding: "not_blocked", found_on: "2026-11-24", stopped_on: DAY };
  assert.deepEqual(said({}, later).slice(1), [
    `platform_blocked X ${SHOWN}`,
    "platform_not_blocked X 24 November 2026",
  ]);
});

test("a platform that joined after the end is not shown", () => {
  assert.deepEqual(said({ state: "withdrawn", withdrawn_on: DAY }, { concerned: false }), []);
  assert.deepEqual(said({ state: "expired" }, { concerned: false }), []);
});

test("a withdrawn picture says who confirmed, and cannot be withdrawn again", () => {
  const ended = { state: "withdrawn", withdrawn_on: DAY };

  assert.deepEqual(said(ended, {}), ["platform_never_had X"]);
  assert.deepEqual(said(ended, { listed_on: DAY }), ["platform_not_confirmed X"]);
  assert.deepEqual(said(ended, { listed_on: DAY, withdrawal_confirmed_on: DAY }), [
    `platform_confirmed X ${SHOWN}`,
  ]);
  const [status] = pictureStatuses([{ ...slot, ...ended }], words, []);
  assert.deepEqual(status.lines, [`withdrawn_on ${SHOWN}`]);
  assert.equal(status.mayWithdraw, false);
});

test("a picture without platforms says that none takes part", () => {
  const [status] = pictureStatuses([{ ...slot, state: "received", platforms: [] }], words, []);

  assert.deepEqual(status.lines, [`soon ${SHOWN}`, "no_platform"]);
});

test("an expired picture tells what was found and nothing of looking", () => {
  assert.deepEqual(said({ state: "expired" }, { listed_on: DAY }), []);
});
