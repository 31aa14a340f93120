/**
 * Back does not come back: after a page was left quickly, the entries of this site that are still
 * in the history of the tab lead away again, before anything of them is shown.
 *
 * A plain script at the top of every page, so that it runs before the browser draws. The rule: who
 * arrives by Back or Forward from another site is sent on, unless it was a link of this very page
 * that led there. Browsers without the Navigation API show the page again, empty.
 */

{
  const address = /** @type {string} */ (document.documentElement.dataset.exit);
  const { navigation } = globalThis;

  const isFromOutside = () =>
    navigation?.activation?.navigationType === "traverse" &&
    navigation.activation.from === null &&
    navigation.currentEntry?.getState() !== "left by a link";

  if (isFromOutside()) {
    document.documentElement.classList.add("leaving");
    location.replace(address);
  }

  document.addEventListener("click", ({ target }) => {
    const $link = target instanceof Element ? target.closest("a") : null;
    const leadsAway = $link !== null && $link.origin !== location.origin;
    if (leadsAway) navigation?.updateCurrentEntry({ state: "left by a link" });
  });

  // A browser may keep a page that was left in memory, emptied by exit.mjs, and show it after Back.
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted && isFromOutside()) location.replace(address);
    else if (persisted) location.reload();
    else navigation?.updateCurrentEntry({ state: null });
  });
}
