import assert from "node:assert/strict";
import { test } from "node:test";

import { PictureSet } from "../../web/portal/picture-set.mjs";

const A = { hash: "a".repeat(64), quality: 90 };
const B = { hash: "b".repeat(64), quality: 70 };

test("a set is busy until every picture has been read", () => {
  const set = new PictureSet(32);
  const one = set.add("one.jpg");
  const two = set.add("two.jpg");

  assert.equal(set.isBusy, true);
  set.succeed(one, A);
  set.fail(two, "too-poor");

  assert.equal(set.isBusy, false);
  assert.deepEqual(set.ready, [one]);
  assert.deepEqual(set.unusable, [two]);
  assert.equal(two.reason, "too-poor");
});

test("the same picture a second time is set aside, whatever it is called", () => {
  const set = new PictureSet(32);
  const first = set.add("first.jpg");
  const again = set.add("again.png");

  set.succeed(first, A);
  set.succeed(again, A);

  assert.deepEqual(set.ready, [first]);
  assert.equal(again.reason, "duplicate");
});

test("pictures past the limit are refused, and unusable ones take no room", () => {
  const set = new PictureSet(2);
  const one = set.add("1");
  set.add("2");

  assert.equal(set.add("3"), null);
  set.fail(one, "empty");
  assert.notEqual(set.add("3"), null);
});

test("a removed picture is gone, and the next becomes the first", () => {
  const set = new PictureSet(32);
  const one = set.add("1");
  const two = set.add("2");
  set.succeed(one, A);
  set.succeed(two, B);

  set.remove(one);

  assert.equal(set.has(one), false);
  assert.deepEqual(set.ready, [two]);
});

test("clearing forgets names and hashes, also for whoever still holds a picture", () => {
  const set = new PictureSet(32);
  const one = set.add("name.jpg");
  set.succeed(one, A);

  set.clear();

  assert.deepEqual(set.all, []);
  assert.equal(one.name, "");
  assert.equal(one.hash, "");
});
