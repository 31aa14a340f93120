import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_LINES, addressesOf, fitOf, hostsOf } from "../../web/portal/addresses.mjs";

test("addresses are taken from what people paste, each website once", () => {
  const text = `
    https://www.instagram.com/p/abc/?igsh=1
    instagram.com/other
    <https://m.facebook.com/x>,
    (http://t.me/group/12)
    HTTPS://Old.Reddit.com/r/a/comments/1
    no address
    "pornhub.com/view_video.php?viewkey=1"
    user:word@files.example.org:8443/x and see www.müller.example.
  `;

  assert.deepEqual(hostsOf(text), [
    "instagram.com", "m.facebook.com", "t.me", "old.reddit.com", "pornhub.com",
    "files.example.org", "müller.example",
  ]);
});

test("what is no address is left out, and nothing breaks", () => {
  for (const text of ["", "\n\n", "hello", "https://", "http://[", "://x", "a..b/%zz", "\u0000.\u0000"]) {
    assert.ok(Array.isArray(hostsOf(text)));
  }
  assert.deepEqual(hostsOf("hello there 12.5 v1.2 a@b"), []);
});

test("an address stays as it was pasted, capitals and all", () => {
  assert.deepEqual(addressesOf("see <https://www.Instagram.com/p/AbC/>, and\nt.me/X"), [
    { address: "https://www.Instagram.com/p/AbC/", host: "instagram.com" },
    { address: "t.me/X", host: "t.me" },
  ]);
});

test("a long paste is cut, not refused", () => {
  const lines = Array.from({ length: MOST_LINES + 10 }, (_, i) => `site${i}.example`);

  assert.equal(hostsOf(lines.join("\n")).length, MOST_LINES);
});

test("a part of a website belongs to it, one with a similar name does not", () => {
  assert.ok(fitOf("m.facebook.com", ["facebook.com"]) > 0);
  assert.ok(fitOf("drive.google.com", ["drive.google.com"]) > fitOf("drive.google.com", ["google.com"]));
  assert.equal(fitOf("notfacebook.com", ["facebook.com"]), 0);
  assert.equal(fitOf("facebook.com.evil.example", ["facebook.com"]), 0);
  assert.equal(fitOf("x.com", []), 0);
});
