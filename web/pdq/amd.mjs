/**
 * Takes a library that is no ES module. Importing this first, and then such a file, leaves the
 * library in `handedOver`, and the file is served as its makers published it.
 *
 * Source: the AMD API: `define(names of what is needed, function that gives the library)`.
 */

/** @type {unknown} */
let library;

Object.assign(globalThis, {
  define: Object.assign(
    (/** @type {string[]} */ _needed, /** @type {() => unknown} */ make) => {
      library = make();
    },
    { amd: true },
  ),
});

/**
 * @returns {unknown} what the file after this one gave; undefined when it gave nothing
 */
export function handedOver() {
  return library;
}
