/**
 * What is used here of libheif. The file is no ES module: it hands its one function to a loader of
 * the AMD kind, see web/pdq/libheif.mjs.
 */

/** Things in the memory of the library: to be given back by the function that fits. */
export interface Context {
  readonly kind?: "context";
}
export interface ImageHandle {
  readonly kind?: "handle";
  code?: undefined;
}
export interface Image {
  readonly kind?: "image";
}

/** A number with a name, compared by identity. */
export interface Constant {
  readonly value?: number;
}

export interface Failure {
  code: Constant;
  message: string;
}

export interface Channel {
  id: Constant;
  width: number;
  height: number;
  /** bytes from one row to the next */
  stride: number;
  /** in the memory of the library: gone when the image is released or the memory grows */
  data: Uint8Array;
}

export interface DecodedImage {
  code?: undefined;
  image: Image;
  channels: Channel[];
}

export interface Libheif {
  heif_error_code: Readonly<Record<string, Constant>>;
  heif_colorspace: { readonly heif_colorspace_RGB: Constant };
  heif_chroma: {
    readonly heif_chroma_interleaved_RGB: Constant;
    readonly heif_chroma_interleaved_RGBA: Constant;
  };
  heif_channel: { readonly heif_channel_interleaved: Constant };
  heif_context_alloc(): Context;
  heif_context_free(context: Context): void;
  heif_context_read_from_memory(context: Context, bytes: Uint8Array): Failure;
  heif_js_context_get_primary_image_handle(context: Context): ImageHandle | Failure;
  heif_image_handle_get_width(handle: ImageHandle): number;
  heif_image_handle_get_height(handle: ImageHandle): number;
  heif_image_handle_has_alpha_channel(handle: ImageHandle): number;
  heif_image_handle_is_premultiplied_alpha(handle: ImageHandle): number;
  heif_image_handle_release(handle: ImageHandle): void;
  heif_js_decode_image2(
    handle: ImageHandle,
    space: Constant,
    chroma: Constant,
  ): DecodedImage | Failure;
  heif_image_release(image: Image): void;
}

/** Starts the library: it compiles and instantiates the WebAssembly that it is given. */
export type MakeLibheif = (options: {
  wasmBinary: ArrayBuffer;
  print: (text: string) => void;
  printErr: (text: string) => void;
}) => Promise<Libheif>;
