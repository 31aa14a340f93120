/**
 * Hashes the frames of videos away from the page. Messages: see worker-side.mjs.
 */

import { hashFrames } from "./frames.mjs";
import { serve } from "./worker-side.mjs";

serve(hashFrames, "damaged");
