"""
The vault of a code, in its worker.
"""

import hashlib
import json

import pytest
from playwright.sync_api import Browser, Page

from browser.modules.hashing import encoded, hash_in, textured
from browser.web_server import REPOSITORY
from tegenbeeld.casework.case import SLOTS
from testing.notes import open_note

pytestmark = pytest.mark.browser

SPEC = REPOSITORY / "spec" / "vectors"


def test_vault_gives_the_digests_of_the_vectors(page: Page) -> None:
    """
    Under the node's policies the worker derives the keys that Python derives.
    """
    vector = json.loads((SPEC / "code.json").read_text(encoding="utf-8"))["vectors"][-1]
    script = """
    async (words) => {
      const { parse } = await import("/static/code/code.mjs");
      const { Vault } = await import("/static/code/vault.mjs");
      const vault = await Vault.open(parse(words).secret);
      const keys = { tokens: vault.tokens(), digests: vault.digests() };
      vault.close();
      let code = "";
      try { vault.tokens(); } catch (error) { code = error.code; }
      return { ...keys, code };
    }
    """
    keys = page.evaluate(script, " ".join(vector["words"]["french"]))
    assert len(keys["tokens"]) == len(set(keys["tokens"])) == SLOTS
    for slot, token in vector["tokens"].items():
        assert keys["tokens"][int(slot)] == token
        assert keys["digests"][int(slot)] == vector["token_digests"][slot]
    for token, digest in zip(keys["tokens"], keys["digests"], strict=True):
        assert hashlib.sha256(bytes.fromhex(token)).hexdigest() == digest
    assert keys["code"] == "closed"


def test_notes_of_the_vault_are_those_of_another_program(page: Page) -> None:
    """
    The key comes out of the worker able to seal and open, and no text of it can be read.
    """
    vector = json.loads((SPEC / "code.json").read_text(encoding="utf-8"))["vectors"][-1]
    script = """
    async ([words, notes]) => {
      const { parse } = await import("/static/code/code.mjs");
      const { Vault } = await import("/static/code/vault.mjs");
      const vault = await Vault.open(parse(words).secret);
      const texts = await Promise.all(notes.map(({ slot, note }) => vault.openNote(slot, note)));
      return { texts, sealed: await vault.sealNote(9, "the red dress") };
    }
    """
    words = " ".join(vector["words"]["english"])
    found = page.evaluate(script, [words, vector["notes"]])
    assert found["texts"] == [note["text"] for note in vector["notes"]]
    assert open_note(bytes.fromhex(vector["note_key"]), 9, found["sealed"]) == "the red dress"


def test_code_and_hashing_leave_nothing_in_the_browser(hashing_page: Page) -> None:
    """
    No storage, no cookie and no cache holds anything afterwards.
    """
    hash_in(hashing_page, encoded(textured(200, 200), "PNG"))
    script = """
    async () => {
      const { newSecret, toWords, parse } = await import("/static/code/code.mjs");
      const { wordlist } = await import("/static/code/wordlists.mjs");
      const { Vault } = await import("/static/code/vault.mjs");
      const secret = newSecret();
      (await Vault.open(parse(toWords(secret, wordlist("nl")).join(" ")).secret)).close();
      return [localStorage.length, sessionStorage.length, document.cookie,
              (await indexedDB.databases()).length, (await caches.keys()).length];
    }
    """
    assert hashing_page.evaluate(script) == [0, 0, "", 0, 0]


def test_page_itself_may_not_run_webassembly(browser: Browser, address: str) -> None:
    """
    Only two workers may: their policies are the exceptions that the page does not have.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    script = """
    async () => {
      const { deriveRoot } = await import("/static/code/keys.mjs");
      try { await deriveRoot(new Uint8Array(10)); return "ran"; } catch { return "refused"; }
    }
    """
    assert page.evaluate(script) == "refused"
    context.close()


def test_vault_without_its_worker_says_that_it_failed(browser: Browser, address: str) -> None:
    """
    When the worker cannot be loaded, opening ends with an error, also when that was tried ahead.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    script = """
    async () => {
      const { Vault } = await import("/static/code/vault.mjs");
      Vault.prepare("/test/no-worker.mjs");
      return Vault.open(new Uint8Array(10), "/test/no-worker.mjs").catch((error) => error.code);
    }
    """
    assert page.evaluate(script) == "unreachable"
    context.close()
