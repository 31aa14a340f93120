/**
 * Which kind of video file it is, by its first bytes: names and types of files are not believed.
 */

import { latin, pictureFormat } from "../pdq/format.mjs";

/**
 * `other`: a kind of video that is not read here.
 *
 * @typedef {"film" | "gif" | "webp" | "other"} VideoKind
 */

/** How many bytes from the start tell the kind. */
export const HEAD_BYTES = 1024;

/** Boxes that an MP4 or MOV file may begin with. Source: ISO/IEC 14496-12; QuickTime File Format. */
const BOXES = new Set(["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"]);

/** Source: RFC 8794 §11.2.1 (EBML, which WebM and MKV are made of). */
const EBML = "\x1a\x45\xdf\xa3";

/** First bytes of ASF (WMV), FLV and MPEG program streams. */
const OTHERS = ["\x30\x26\xb2\x75\x8e\x66\xcf\x11", "FLV\x01", "\0\0\x01\xba"];

/** Source: ISO/IEC 13818-1 §2.4.3. Cameras put four bytes of time before each packet. */
const PACKET_LAYOUTS = [[0, 188], [4, 192]];
const PACKET_MARK = 0x47;

/** Source: RFC 9649 §2.7: bit 1 of the flags of the extended form says that it moves. */
const WEBP_MOVES = 0x02;

/**
 * @param {Uint8Array} head - the first `HEAD_BYTES` bytes, or all of a shorter file
 * @returns {VideoKind | null} null when it is no video. A GIF is one here: whether it moves shows
 *   only when it is read
 */
export function videoKind(head) {
  const start = latin(head, 0, 16);
  const picture = pictureFormat(head);
  if (picture === "gif") return "gif";
  if (picture === "webp") return isMovingWebp(head) ? "webp" : null;
  if (picture !== null) return null;
  if (BOXES.has(start.slice(4, 8)) || start.startsWith(EBML)) return "film";
  if (PACKET_LAYOUTS.some(([first, step]) => hasPackets(head, first, step))) return "film";
  const isAvi = start.startsWith("RIFF") && start.slice(8, 12) === "AVI ";
  return isAvi || OTHERS.some((signature) => start.startsWith(signature)) ? "other" : null;
}

/**
 * @param {Uint8Array} head - of a WebP file
 * @returns {boolean}
 */
function isMovingWebp(head) {
  return latin(head, 12, 16) === "VP8X" && (head[20] & WEBP_MOVES) !== 0;
}

/**
 * @param {Uint8Array} head
 * @param {number} first - where the first mark is
 * @param {number} step - from one mark to the next
 * @returns {boolean} whether three packets of an MPEG transport stream follow each other
 */
function hasPackets(head, first, step) {
  return [0, 1, 2].every((packet) => head[first + packet * step] === PACKET_MARK);
}
