/**
 * The frames of videos as spec/vectors/video.json has them, for the Python side too.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { FrameKeeper } from "../../web/video/reduction.mjs";
import { SecondSampler } from "../../web/video/sampling.mjs";
import { encodeFrames } from "../../web/video/wire.mjs";

const SPEC = new URL("../../spec/vectors/video.json", import.meta.url);
const { sampling, reduction, wire } = JSON.parse(readFileSync(SPEC, "utf8"));

for (const { about, appear_ms, shown } of sampling) {
  test(`the frames that are looked at: ${about}`, () => {
    const sampler = new SecondSampler();
    const over = appear_ms.map((at_ms, frame) => sampler.take(frame, at_ms));
    const due = [...over, sampler.finish()].filter((one) => one !== null && one.at_ms !== null);
    // Here each is looked at once: the same frame again would not be kept.
    const first = shown.filter(({ frame }, place) => frame !== shown[place - 1]?.frame);
    assert.deepEqual(due.map(({ frame, at_ms }) => ({ at_ms, frame })), first);
  });
}

test("the frames that are kept", () => {
  const keeper = new FrameKeeper();
  for (const hashed of reduction.hashes) keeper.add(hashed);
  assert.deepEqual(keeper.frames.map(({ at_ms }) => at_ms), reduction.kept_at_ms);
});

test("the frames as a text", () => {
  assert.ok(wire.length > 0);
  for (const { frames, text } of wire) assert.equal(encodeFrames(frames), text);
});

test("two hours of frames as a text", () => {
  const hash = reduction.hashes[0].hash;
  const frames = Array.from({ length: 7200 }, (_, second) => ({ hash, quality: 90, at_ms: second * 1000 }));
  const bytes = Buffer.from(encodeFrames(frames), "base64");
  assert.equal(bytes.length, 1 + 7200 * 36);
  assert.equal(bytes.subarray(-32).toString("hex"), hash);
});
