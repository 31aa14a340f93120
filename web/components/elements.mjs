/**
 * Finding and making elements, with the type that is meant.
 */

/**
 * Find the one element that a script cannot do without.
 *
 * @template {Element} T
 * @param {ParentNode} $root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function find($root, selector, type) {
  const $found = $root.querySelector(selector);
  if (!($found instanceof type)) throw new Error(`The page lacks ${selector}.`);
  return $found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{text?: string, className?: string}} [options] - *text* is text, never HTML
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, { text = "", className = "" } = {}) {
  const $made = document.createElement(tag);
  $made.textContent = text;
  if (className !== "") $made.className = className;
  return $made;
}
