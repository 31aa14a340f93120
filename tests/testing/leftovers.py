"""
What a page leaves in a browser.
"""

from typing import Any

from playwright.sync_api import Page

STORED = """async () => ({
  cookies: document.cookie,
  local: localStorage.length,
  session: sessionStorage.length,
  databases: (await indexedDB.databases()).length,
  caches: (await caches.keys()).length,
  files: (await Array.fromAsync((await navigator.storage.getDirectory()).keys())).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  address: location.search + location.hash,
  history: Object.values(history.state ?? {}).filter((value) => typeof value !== "number"),
})"""

NOTHING = {
    "cookies": "",
    "local": 0,
    "session": 0,
    "databases": 0,
    "caches": 0,
    "files": 0,
    "workers": 0,
    "address": "",
    "history": [],
}


def leftovers(page: Page) -> dict[str, Any]:
    """
    What lies in the browser that was not there before; `{}` for nothing.

    The history may hold numbers: which step is shown.
    """
    stored = page.evaluate(STORED) | {"cookies": page.context.cookies() or ""}
    return {name: value for name, value in stored.items() if value != NOTHING[name]}
