/** What is used here of mediabunny: it takes videos out of their files and drives the decoder. */

/** A kind of file. */
export interface InputFormat {
  readonly name: string;
}
export const MP4: InputFormat;
export const QTFF: InputFormat;
export const MATROSKA: InputFormat;
export const WEBM: InputFormat;
export const MPEG_TS: InputFormat;

/** Reads a file piece by piece. */
export class BlobSource {
  /** @param options.maxCacheSize - bytes held in memory */
  constructor(blob: Blob, options?: { maxCacheSize?: number });
}

export class Input {
  constructor(options: {
    source: BlobSource;
    formats: InputFormat[];
    formatOptions?: { isobmff?: { resolveKeyId?: () => never } };
  });
  canRead(): Promise<boolean>;
  getPrimaryVideoTrack(): Promise<InputVideoTrack | null>;
  getAudioTracks(): Promise<readonly unknown[]>;
  dispose(): void;
}

export interface InputVideoTrack {
  /** null when it is none of those known to the library */
  getCodec(): Promise<string | null>;
  getCodedWidth(): Promise<number>;
  getCodedHeight(): Promise<number>;
  /** degrees clockwise that make it upright: 0, 90, 180 or 270 */
  getRotation(): Promise<number>;
  /** whether it is mirrored, left to right, after it is turned */
  getFlip(): Promise<boolean>;
  /** seconds; null when the file does not say */
  getDurationFromMetadata(): Promise<number | null>;
  /** null when the codec is not known */
  getDecoderConfig(): Promise<VideoDecoderConfig | null>;
}

/** A decoded frame. */
export class VideoSample {
  constructor(frame: VideoFrame);
  /** seconds; below 0 where the file says that it is not to be shown */
  readonly timestamp: number;
  /** seconds; 0 when the file does not say */
  readonly duration: number;
  /** A second reference: both are to be closed. */
  toVideoFrame(): VideoFrame;
  close(): void;
}

/** Decodes a track. */
export class VideoSampleSink {
  constructor(track: InputVideoTrack);
  /** All frames in the order in which they are shown. Each is to be closed. */
  samples(): AsyncGenerator<VideoSample, void, unknown>;
}

export interface EncodedPacket {
  toEncodedVideoChunk(): EncodedVideoChunk;
}

/** A decoder of one's own. */
export abstract class CustomVideoDecoder {
  readonly codec: string;
  readonly config: VideoDecoderConfig;
  readonly onSample: (sample: VideoSample) => unknown;
  readonly onError: (error: unknown) => undefined;
  static supports(codec: string, config: VideoDecoderConfig): boolean;
  abstract init(): void | Promise<void>;
  abstract decode(packet: EncodedPacket): void | Promise<void>;
  abstract flush(): void | Promise<void>;
  abstract close(): void | Promise<void>;
}
export function registerDecoder(decoder: typeof CustomVideoDecoder): void;

/** How much is written to the console. */
export const Logging: { level: number };
