/**
 * Pixels by way of a canvas, where nothing better is at hand.
 */

import { VideoError } from "./video-error.mjs";
import { rgbaToLuma } from "./luma.mjs";

/** Whether canvases give back what was put in, once that is known. */
let isHonest = /** @type {boolean | null} */ (null);

/**
 * @param {CanvasImageSource} source
 * @param {number} width - pixels
 * @param {number} height - pixels
 * @returns {import("./luma.mjs").Luma} what is transparent lies over white
 * @throws {VideoError} hidden-pixels
 */
export function drawnLuma(source, width, height) {
  isHonest ??= givesBack();
  if (!isHonest) throw new VideoError("hidden-pixels");
  const context = canvasContext(width, height);
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return rgbaToLuma(context.getImageData(0, 0, width, height).data, width, height);
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvasRenderingContext2D}
 * @throws {VideoError} hidden-pixels
 */
function canvasContext(width, height) {
  if (typeof OffscreenCanvas !== "function") throw new VideoError("hidden-pixels");
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
  if (context === null) throw new VideoError("hidden-pixels");
  context.imageSmoothingEnabled = false;
  return context;
}

/**
 * Browsers that guard against recognising a device answer with noise or with white. A hash of that
 * would protect nothing, and nobody would see it. Changes of one or two steps do not move a hash.
 *
 * @returns {boolean}
 */
function givesBack() {
  const side = 16;
  const context = canvasContext(side, side);
  const drawn = new ImageData(side, side);
  drawn.data.forEach((_, at) => {
    drawn.data[at] = at % 4 === 3 ? 255 : (at * 37) % 256;
  });
  context.putImageData(drawn, 0, 0);
  const read = context.getImageData(0, 0, side, side).data;
  return drawn.data.every((value, at) => Math.abs(value - read[at]) <= 2);
}
