/**
 * Pixels by way of a canvas, where nothing better is at hand.
 */

import { canReadPixels, canvasContext } from "../pdq/canvas.mjs";
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
  isHonest ??= canReadPixels();
  const context = isHonest ? canvasContext(width, height) : null;
  if (context === null) throw new VideoError("hidden-pixels");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.drawImage(source, 0, 0, width, height);
  return rgbaToLuma(context.getImageData(0, 0, width, height).data, width, height);
}
