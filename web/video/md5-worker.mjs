/**
 * Counts the MD5 of files away from the page. Messages: see worker-side.mjs.
 *
 * Apart from worker.mjs, so that what decodes videos may not compile WebAssembly.
 */

import { md5Of } from "./md5.mjs";
import { serve } from "./worker-side.mjs";

serve(md5Of, "blocked");
