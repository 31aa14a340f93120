/**
 * From what somebody pastes to the names of websites, without asking anybody.
 */

/** Most lines that are looked at. */
export const MOST_LINES = 500;

/** Scheme, who logs in, the name of the website, and what follows it. */
const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/?#@]*@)?([^/?#:@]+)(?::\d+)?(?:[/?#]|$)/;

const HOST = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.[\p{L}][\p{L}\p{N}-]+$/u;

/**
 * @param {string} text - one address a line, with or without the scheme
 * @returns {string[]} names of the websites, each once, in order; what is no address is left out
 */
export function hostsOf(text) {
  return [...new Set(addressesOf(text).map(({ host }) => host))];
}

/**
 * @param {string} text - one address a line, with or without the scheme
 * @returns {{address: string, host: string}[]} each as it was pasted, with the name of its website
 */
export function addressesOf(text) {
  return text.split(/\s+/).slice(0, MOST_LINES).flatMap((line) => {
    const address = line.replace(/^[<("']+|[>)"',;.]+$/g, "");
    const host = (ADDRESS.exec(address.toLowerCase())?.[1] ?? "").replace(/^www\./, "");
    return HOST.test(host) ? [{ address, host }] : [];
  });
}

/**
 * Whether a website is one of these, or a part of one.
 *
 * @param {string} host
 * @param {readonly string[]} domains
 * @returns {number} how many letters fit, so that the closest can be chosen; 0 for none
 */
export function fitOf(host, domains) {
  const fitting = domains.filter((domain) => host === domain || host.endsWith(`.${domain}`));
  return Math.max(0, ...fitting.map((domain) => domain.length));
}
