/**
 * The one way from text to running code: the address of a worker of this site.
 *
 * The pages are served with `require-trusted-types-for 'script'`, so a browser that knows Trusted
 * Types gives every such text to this policy, and refuses what it does not let through. Everything
 * else that would make script or markup out of text has no policy and always fails.
 */

/** @typedef {{createPolicy: (name: string, rules: {createScriptURL: (text: string) => string}) => void}} TrustedTypes */

/** @type {TrustedTypes | undefined} Not every browser has them; then the rest of the policy holds. */
const trustedTypes = /** @type {any} */ (globalThis).trustedTypes;

trustedTypes?.createPolicy("default", {
  createScriptURL(text) {
    const { origin, pathname } = new URL(text, import.meta.url);
    if (origin === location.origin && pathname.endsWith("worker.mjs")) return text;
    throw new TypeError("Only a worker of this site may be started.");
  },
});
