/**
 * Canvases that pixels are read from, and whether they tell the truth.
 */

/**
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvasRenderingContext2D | null} null when the browser gives none
 */
export function canvasContext(width, height) {
  if (typeof OffscreenCanvas !== "function") return null;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (context !== null) context.imageSmoothingEnabled = false;
  return context;
}

/**
 * Whether a canvas gives back what was put in.
 *
 * Browsers that guard against recognising a device answer with noise or with white. A hash of
 * that would protect nothing, and nobody would see it. Changes of one or two steps, which some of
 * them make, do not move a hash.
 *
 * @returns {boolean}
 */
export function canReadPixels() {
  const side = 16;
  const context = canvasContext(side, side);
  if (context === null) return false;
  const drawn = new ImageData(side, side);
  drawn.data.forEach((_, at) => {
    drawn.data[at] = at % 4 === 3 ? 255 : (at * 37) % 256;
  });
  context.putImageData(drawn, 0, 0);
  const read = context.getImageData(0, 0, side, side).data;
  return drawn.data.every((value, at) => Math.abs(value - read[at]) <= 2);
}
