/**
 * The library libheif (LGPL-3, with libde265), compiled to WebAssembly: a file of its own, so that
 * whoever runs this may put another build of it in its place.
 */

// The order matters: the library looks for what the first of these sets up.
import { handedOver } from "./amd.mjs";
import "../vendor/libheif.mjs";

/** @typedef {import("../vendor/libheif.mjs").Libheif} Libheif */

const QUIET = () => {};

/**
 * @param {ArrayBuffer} wasmBinary - the file vendor/libheif.wasm
 * @returns {Promise<Libheif>} with a memory of its own, which is freed with it
 */
export function startLibheif(wasmBinary) {
  const make = /** @type {import("../vendor/libheif.mjs").MakeLibheif} */ (handedOver());
  return make({ wasmBinary, print: QUIET, printErr: QUIET });
}
