import assert from "node:assert/strict";
import { test } from "node:test";

import { LOOK_AGAIN_HOURS, reminders } from "../../web/portal/calendar.mjs";

const now = new Date("2026-12-30T23:30:15.999Z");

test("three reminders, a day apart, over the turn of a month and a year", () => {
  const starts = [...reminders({ title: "Reminder", now }).matchAll(/DTSTART:(\S+)/g)].map(([, at]) => at);

  assert.equal(LOOK_AGAIN_HOURS.length, 3);
  assert.deepEqual(starts, ["20261231T233015Z", "20270101T233015Z", "20270102T233015Z"]);
});

test("every line ends as calendars want it, and no identifier comes twice", () => {
  const text = reminders({ title: "Reminder", now });

  assert.equal(text.replaceAll("\r\n", "").includes("\n"), false);
  assert.ok(text.startsWith("BEGIN:VCALENDAR\r\n") && text.endsWith("END:VCALENDAR\r\n"));
  const ids = [...text.matchAll(/UID:(\S+)/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, 3);
  for (const line of text.split("\r\n")) assert.ok(new TextEncoder().encode(line).length <= 75, line);
});

test("a title cannot add lines or fields", () => {
  const text = reminders({ title: "a;b,c\\d\nURL:x", now });

  assert.ok(text.includes("SUMMARY:a\\;b\\,c\\\\d\\nURL:x\r\n"));
  assert.equal(/^URL/m.test(text), false);
});
