import assert from "node:assert/strict";
import { test } from "node:test";

import { FileSet } from "../../web/portal/file-set.mjs";

const A = picture("a".repeat(64));
const B = picture("b".repeat(64));

/**
 * @param {string} hash
 * @returns {{kind: "picture", fingerprint: import("../../web/portal/fingerprint.mjs").Fingerprint}}
 */
function picture(hash) {
  const fingerprint = { signal_type: /** @type {const} */ ("pdq"), hash, quality: 90, frames: null };
  return { kind: "picture", fingerprint: { ...fingerprint, shortfall: null } };
}

test("a set is busy until every picture has been read", () => {
  const set = new FileSet(32);
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

test("the same picture a second time is protected once, and counts as no failure", () => {
  const set = new FileSet(32);
  const first = set.add("first.jpg");
  const again = set.add("again.png");

  set.succeed(first, A);
  set.succeed(again, A);

  assert.deepEqual(set.ready, [first]);
  assert.deepEqual(set.unusable, []);
  assert.equal(again.state, "repeated");
  assert.equal(again.sameAs, first);
});

test("the second one takes the place of the first when that is removed", () => {
  const set = new FileSet(32);
  const first = set.add("first.jpg");
  const again = set.add("again.png");
  set.succeed(first, A);
  set.succeed(again, A);

  set.remove(first);

  assert.deepEqual(set.ready, [again]);
  assert.equal(again.sameAs, null);
});

test("only pictures that can be protected take room, and one removed makes room", () => {
  const set = new FileSet(1);
  const [bad, one, two] = ["bad", "one", "two"].map((name) => set.add(name));

  set.fail(bad, "empty");
  set.succeed(one, A);
  set.succeed(two, B);

  assert.deepEqual(set.ready, [one]);
  assert.equal(two.reason, "too-many");
  set.remove(one);
  assert.deepEqual(set.ready, [two]);
});

test("a removed picture is gone, and the next becomes the first", () => {
  const set = new FileSet(32);
  const one = set.add("1");
  const two = set.add("2");
  set.succeed(one, A);
  set.succeed(two, B);

  set.remove(one);

  assert.equal(set.has(one), false);
  assert.deepEqual(set.ready, [two]);
});

test("clearing forgets names and hashes, also for whoever still holds a picture", () => {
  const set = new FileSet(32);
  const one = set.add("name.jpg");
  set.succeed(one, A);

  one.label = "beach";

  set.clear();

  assert.deepEqual(set.all, []);
  assert.equal(one.name, "");
  assert.equal(one.label, "");
  assert.equal(one.fingerprint, null);
});

test("removing or clearing stops the reading of a video", () => {
  const set = new FileSet(32);
  const [one, two] = ["1", "2"].map((name) => set.add(name));

  set.remove(one);
  assert.equal(one.reading.signal.aborted, true);
  assert.equal(two.reading.signal.aborted, false);

  set.clear();
  assert.equal(two.reading.signal.aborted, true);
});

test("a video is told as one, with what is missing of it", () => {
  const set = new FileSet(32);
  const film = set.add("film.mp4");

  set.succeed(film, {
    kind: "video",
    fingerprint: {
      signal_type: "video_md5", hash: "d".repeat(32), quality: null, frames: null, shortfall: "unknown-codec",
    },
  });

  assert.deepEqual([film.kind, film.state, film.shortfall], ["video", "ready", "unknown-codec"]);
});
