/**
 * The frames of an MP4, MOV, WebM, MKV or MPEG-TS file, in the order in which they are shown.
 *
 * The file is read piece by piece and every frame is let go of at once, so memory does not grow
 * with the video. Sound is never decoded.
 */

import {
  BlobSource, CustomVideoDecoder, Input, Logging, MATROSKA, MP4, MPEG_TS, QTFF, VideoSample,
  VideoSampleSink, WEBM, registerDecoder,
} from "../vendor/mediabunny.mjs";
import { refuseClaims } from "./claims.mjs";
import { frameToLuma } from "./frame-pixels.mjs";
import { refuseSize } from "./limits.mjs";
import { upright } from "./luma.mjs";
import { milliseconds } from "./sampling.mjs";
import { VideoError } from "./video-error.mjs";

/** Named one by one: others, such as playlists, point to files elsewhere. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

/** Frames that the decoder may be ahead. */
const MOST_AHEAD = 8;

/** What a browser tells in microseconds is a little beside the file's own fractions. */
const ZERO_S = -0.5e-6;

// A file's flaws are told as reasons. The console stays empty.
Logging.level = 0;

/**
 * Decodes colours only. Left to itself, the library also decodes the transparency that WebM can
 * have, and mixes it in: no other software does that before it hashes.
 */
class OpaqueDecoder extends CustomVideoDecoder {
  /** @type {VideoDecoder | null} */
  #decoder = null;

  /**
   * @override
   * @param {string} codec
   */
  static supports(codec) {
    return codec === "vp8" || codec === "vp9";
  }

  /** @override */
  init() {
    this.#decoder = new VideoDecoder({
      output: (frame) => this.onSample(new VideoSample(frame)),
      error: (error) => this.onError(error),
    });
    this.#decoder.configure(this.config);
  }

  /**
   * @override
   * @param {import("../vendor/mediabunny.mjs").EncodedPacket} packet
   */
  async decode(packet) {
    const decoder = /** @type {VideoDecoder} */ (this.#decoder);
    decoder.decode(packet.toEncodedVideoChunk());
    while (decoder.state === "configured" && decoder.decodeQueueSize > MOST_AHEAD) {
      await new Promise((resolve) => decoder.addEventListener("dequeue", resolve, { once: true }));
    }
  }

  /** @override */
  async flush() {
    await this.#decoder?.flush();
  }

  /** @override */
  close() {
    if (this.#decoder?.state !== "closed") this.#decoder?.close();
  }
}

registerDecoder(OpaqueDecoder);

/**
 * A frame that is to be closed.
 *
 * @typedef {object} ShownFrame
 * @property {number} at_ms - when it appears, in milliseconds after the first
 * @property {number} end_ms - when it is over, as far as the file says
 * @property {() => Promise<import("./luma.mjs").Luma>} luma - upright
 * @property {() => void} close
 */

/**
 * @typedef {object} FrameSource
 * @property {number | null} claimed_ms - how long the file says that it is
 * @property {() => AsyncGenerator<ShownFrame, void, unknown>} frames - once
 * @property {() => void} close
 */

/**
 * @param {Blob} file
 * @returns {Promise<FrameSource>}
 * @throws {VideoError} when it cannot be decoded here
 */
export async function openFilm(file) {
  await refuseClaims(file);
  const input = new Input({ source: new BlobSource(file), formats: FORMATS });
  try {
    const track = await openTrack(input);
    const duration = await track.getDurationFromMetadata();
    return {
      claimed_ms: duration === null ? null : Math.round(duration * 1000),
      frames: () => shownFrames(track),
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    throw error instanceof VideoError ? error : new VideoError("damaged");
  }
}

/**
 * @param {Input} input
 * @returns {Promise<import("../vendor/mediabunny.mjs").InputVideoTrack>}
 * @throws {VideoError}
 */
async function openTrack(input) {
  if (!(await input.canRead())) throw new VideoError("damaged");
  const track = await input.getPrimaryVideoTrack();
  if (track === null) {
    const hasSound = (await input.getAudioTracks()).length > 0;
    throw new VideoError(hasSound ? "no-picture" : "damaged");
  }
  refuseSize(await track.getCodedWidth(), await track.getCodedHeight());
  if (typeof VideoDecoder !== "function") throw new VideoError("no-decoder");
  const config = await track.getDecoderConfig();
  if (config === null || !(await isSupported(config))) throw new VideoError("unknown-codec");
  return track;
}

/**
 * @param {VideoDecoderConfig} config
 * @returns {Promise<boolean>}
 */
async function isSupported(config) {
  try {
    return (await VideoDecoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}

/**
 * @param {import("../vendor/mediabunny.mjs").InputVideoTrack} track
 * @returns {AsyncGenerator<ShownFrame, void, unknown>}
 */
async function* shownFrames(track) {
  const degrees = await track.getRotation();
  const isMirrored = await track.getFlip();
  let first = /** @type {number | null} */ (null);
  for await (const sample of new VideoSampleSink(track).samples()) {
    // Cut away when the video was trimmed, without being taken out of the file.
    if (sample.timestamp < ZERO_S) {
      sample.close();
      continue;
    }
    first ??= sample.timestamp;
    const appears_us = Math.round((sample.timestamp - first) * 1e6);
    yield {
      at_ms: milliseconds(appears_us),
      end_ms: milliseconds(appears_us + Math.round(sample.duration * 1e6)),
      luma: async () => upright(await lumaOf(sample), degrees, isMirrored),
      close: () => sample.close(),
    };
  }
}

/**
 * @param {VideoSample} sample - not closed here
 * @returns {Promise<import("./luma.mjs").Luma>} as stored
 */
async function lumaOf(sample) {
  const frame = sample.toVideoFrame();
  try {
    return await frameToLuma(frame);
  } finally {
    frame.close();
  }
}
