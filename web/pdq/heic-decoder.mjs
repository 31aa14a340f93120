/**
 * Decodes HEIC with libheif: the picture that the file shows, turned and mirrored as its own
 * properties say. EXIF is not looked at. Source: spec/pdq.md §2.
 */

import { refuseSize } from "./inspection.mjs";
import { PictureError } from "./picture-error.mjs";

/** @typedef {import("./libheif.mjs").Libheif} Libheif */
/** @typedef {import("../vendor/libheif.mjs").Failure} Failure */
/** @typedef {import("../vendor/libheif.mjs").ImageHandle} ImageHandle */

/**
 * What was decoded, in the memory of the library.
 *
 * @typedef {object} Pixels
 * @property {number} width
 * @property {number} height
 * @property {number} stride - bytes from one row to the next
 * @property {Uint8Array} data - rows of RGBA
 * @property {boolean} isPremultiplied - whether colours are multiplied by their opacity already
 */

/**
 * @template Result
 * @param {Libheif} library
 * @param {Uint8Array} bytes - a whole file
 * @param {(pixels: Pixels) => Result} use - called once; the pixels are gone when it returns
 * @returns {Result}
 * @throws {PictureError}
 */
export function withPixels(library, bytes, use) {
  const context = library.heif_context_alloc();
  try {
    refuseFailure(library, library.heif_context_read_from_memory(context, bytes));
    const handle = library.heif_js_context_get_primary_image_handle(context);
    if (isFailure(handle)) throw reasonOf(library, handle);
    try {
      return decoded(library, handle, use);
    } finally {
      library.heif_image_handle_release(handle);
    }
  } finally {
    library.heif_context_free(context);
  }
}

/**
 * @template Result
 * @param {Libheif} library
 * @param {ImageHandle} handle
 * @param {(pixels: Pixels) => Result} use
 * @returns {Result}
 */
function decoded(library, handle, use) {
  refuseSize(
    library.heif_image_handle_get_width(handle),
    library.heif_image_handle_get_height(handle),
  );
  const image = library.heif_js_decode_image2(
    handle,
    library.heif_colorspace.heif_colorspace_RGB,
    library.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  if (isFailure(image)) throw reasonOf(library, image);
  try {
    const { heif_channel_interleaved: interleaved } = library.heif_channel;
    const channel = image.channels.find(({ id }) => id === interleaved);
    if (channel === undefined) throw new PictureError("unreadable");
    const { width, height, stride, data } = channel;
    // The coded picture may be another size than the file says.
    refuseSize(width, height);
    const isPremultiplied = library.heif_image_handle_is_premultiplied_alpha(handle) !== 0;
    return use({ width, height, stride, data, isPremultiplied });
  } finally {
    library.heif_image_release(image.image);
  }
}

/**
 * @param {object} answer - of the library
 * @returns {answer is Failure}
 */
function isFailure(answer) {
  return "code" in answer && answer.code !== undefined;
}

/**
 * @param {Libheif} library
 * @param {Failure} answer - one that also says that all is well
 * @throws {PictureError}
 */
function refuseFailure(library, answer) {
  if (answer.code !== library.heif_error_code.heif_error_Ok) throw reasonOf(library, answer);
}

/**
 * @param {Libheif} library
 * @param {Failure} failure
 * @returns {PictureError}
 */
function reasonOf({ heif_error_code: codes }, { code }) {
  // Files of this kind may hold pictures in many codes; only HEVC is in this build.
  if (code === codes.heif_error_Unsupported_filetype) return new PictureError("unknown-format");
  if (code === codes.heif_error_Unsupported_feature) return new PictureError("unknown-format");
  if (code === codes.heif_error_Memory_allocation_error) return new PictureError("too-large");
  return new PictureError("unreadable");
}
