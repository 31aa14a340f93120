/**
 * The frames of an animated GIF or WebP, in the order in which they are shown, once through.
 */

import { statedSize } from "../pdq/stated-size.mjs";
import { drawnLuma } from "./canvas.mjs";
import { MAX_ANIMATION_BYTES, refuseSize } from "./limits.mjs";
import { milliseconds } from "./sampling.mjs";
import { VideoError } from "./video-error.mjs";

/** Browsers show a frame that asks for 10 ms or less for 100 ms. Source: spec/video.md. */
const SHORTEST_US = 10_000;
const INSTEAD_US = 100_000;

/**
 * @param {Blob} file
 * @param {"gif" | "webp"} kind
 * @returns {Promise<import("./film.mjs").FrameSource>}
 * @throws {VideoError} when it cannot be decoded here, or does not move
 */
export async function openAnimation(file, kind) {
  if (file.size > MAX_ANIMATION_BYTES) throw new VideoError("too-large");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const size = statedSize(bytes, kind);
  if (size === null) throw new VideoError("damaged");
  refuseSize(size.width, size.height);
  if (typeof ImageDecoder !== "function") throw new VideoError("unknown-codec");
  const decoder = new ImageDecoder({
    data: bytes,
    type: `image/${kind}`,
    // A platform's software reads the values as they are in the file.
    colorSpaceConversion: "none",
    preferAnimation: true,
  });
  try {
    await decoder.tracks.ready;
    await decoder.completed;
    const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
    if (count === 1) throw new VideoError("still-picture");
    return {
      claimed_ms: null,
      frames: () => shownFrames(decoder, count),
      close: () => decoder.close(),
    };
  } catch (error) {
    decoder.close();
    throw error instanceof VideoError ? error : new VideoError("damaged");
  }
}

/**
 * @param {ImageDecoder} decoder
 * @param {number} count - of frames
 * @returns {AsyncGenerator<import("./film.mjs").ShownFrame, void, unknown>}
 */
async function* shownFrames(decoder, count) {
  let appears_us = 0;
  for (let frameIndex = 0; frameIndex < count; frameIndex++) {
    const { image, complete } = await decoder.decode({ frameIndex });
    if (!complete) {
      image.close();
      throw new VideoError("damaged");
    }
    const asked_us = image.duration ?? 0;
    const end_us = appears_us + (asked_us > SHORTEST_US ? asked_us : INSTEAD_US);
    yield {
      at_ms: milliseconds(appears_us),
      end_ms: milliseconds(end_us),
      luma: async () => drawnLuma(image, image.displayWidth, image.displayHeight),
      close: () => image.close(),
    };
    appears_us = end_us;
  }
}
