"""
The browser code in a real browser: hashing files in its worker, and the vault of a code.

Pictures are given to the page as bytes in a `File`, as a file picker would.
"""

import base64
import functools
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from browser.web_server import REPOSITORY, web_server
from tegenbeeld.media import MAX_BYTES, read_pixels
from tegenbeeld.pdq import MIN_QUALITY, PdqHash, distance, hash_rgb

pytestmark = pytest.mark.browser

SPEC = REPOSITORY / "spec" / "vectors"

# Decoders may round a colour differently. Another turn or another background is 100 bits away.
CLOSE = 4

FILM = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + bytes(90)

SET_UP = """
async (workerUrl) => {
  const { PictureHasher } = await import("/static/pdq/hasher.mjs");
  globalThis.hasher = new PictureHasher(workerUrl ?? undefined);
  globalThis.hashBytes = async (text, name) => {
    const file = new File([Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))], name);
    const progress = [];
    try {
      const onProgress = (share) => progress.push(share);
      return { ...(await hasher.hash(file, { onProgress })), progress };
    } catch (error) {
      return { reason: error.reason ?? String(error), progress };
    }
  };
}
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """
    Where the browser code is served.
    """
    with web_server() as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """
    An empty page under the node's policy; an error in the page fails the test.
    """
    context = browser.new_context()
    page = context.new_page()
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert errors == []


@pytest.fixture
def hashing_page(page: Page) -> Page:
    """
    A page whose hasher is ready.
    """
    page.evaluate(SET_UP, None)
    return page


def hash_in(page: Page, content: bytes, name: str = "picture") -> dict[str, Any]:
    """
    Hash a file in the page: hash and quality, or the reason why not; and the progress.
    """
    arguments = [base64.b64encode(content).decode(), name]
    answer: dict[str, Any] = page.evaluate("([text, name]) => hashBytes(text, name)", arguments)
    return answer


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """
    Write a picture in a file format.
    """
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def textured(width: int, height: int, *, seed: int = 1) -> Image.Image:
    """
    Make a picture with detail at every size, as photos have it.
    """
    rng = np.random.default_rng(seed)
    layers = []
    for cells in (3, 9, 40):
        small = rng.integers(0, 256, (cells, cells, 3), dtype=np.uint8)
        layers.append(np.asarray(Image.fromarray(small).resize((width, height), 3), np.float64))
    return Image.fromarray(np.clip(sum(layers) / 3, 0, 255).astype(np.uint8))


def hashed_by_python(content: bytes) -> str:
    """
    Hash the same file as a platform's software does.
    """
    return hash_rgb(read_pixels(content)).hash.hex()


def bits_apart(one: str, other: str) -> int:
    """
    Count the bits in which two hashes differ.
    """
    return distance(PdqHash.from_hex(one), PdqHash.from_hex(other))


def test_hash_of_vector_pictures_equals_python(hashing_page: Page) -> None:
    """
    The same pixels give the same hash in the browser's worker and in Python.
    """
    vectors = json.loads((SPEC / "pdq.json").read_text(encoding="utf-8"))["vectors"]
    assert vectors
    for vector in vectors:
        with Image.open(SPEC / "pdq" / vector["file"]) as picture:
            answer = hash_in(hashing_page, encoded(picture, "PNG"))
        if vector["quality"] < MIN_QUALITY:
            assert answer["reason"] == "too-poor", vector["file"]
        else:
            assert (answer["hash"], answer["quality"]) == (vector["hash"], vector["quality"])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_when_set_is_applied(hashing_page: Page, orientation: int) -> None:
    """
    A photo that the camera stored turned is hashed upright, as a person sees it.
    """
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(textured(320, 200), "JPEG", quality=95, exif=exif)
    answer = hash_in(hashing_page, content)
    assert bits_apart(answer["hash"], hashed_by_python(content)) <= CLOSE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_each_format_gives_the_hash_of_python(hashing_page: Page, kind: str) -> None:
    """
    Every format that the browser reads has the hash that a platform will compute.
    """
    content = encoded(textured(500, 400), kind)
    answer = hash_in(hashing_page, content)
    assert bits_apart(answer["hash"], hashed_by_python(content)) <= CLOSE


def test_transparent_parts_lie_over_white(hashing_page: Page) -> None:
    """
    Transparency is laid over white, as in Python.
    """
    picture = textured(300, 300).convert("RGBA")
    picture.putalpha(textured(300, 300, seed=2).convert("L"))
    content = encoded(picture, "PNG")
    answer = hash_in(hashing_page, content)
    assert bits_apart(answer["hash"], hashed_by_python(content)) <= CLOSE


def test_colour_profile_when_present_changes_nothing(hashing_page: Page) -> None:
    """
    The values in the file are hashed, not what a colour profile makes of them.
    """
    plain = encoded(textured(300, 200), "PNG")
    # A gamma of 1 in a PNG works as a profile does: with it a picture is shown much lighter.
    gamma = b"\x00\x00\x00\x04gAMA\x00\x01\x86\xa0\x31\xe8\x96\x5f"
    profiled = plain[:33] + gamma + plain[33:]
    assert hash_in(hashing_page, profiled) == hash_in(hashing_page, plain)


def test_large_picture_is_hashed_in_strips(hashing_page: Page) -> None:
    """
    Twelve million pixels are hashed, with progress that only grows and ends at 1.
    """
    content = encoded(textured(4000, 3000), "JPEG", quality=90)
    answer = hash_in(hashing_page, content)
    assert bits_apart(answer["hash"], hashed_by_python(content)) <= CLOSE
    progress = answer["progress"]
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 1)
    assert len(progress) > 5


def _heic() -> bytes:
    brands = b"heic\x00\x00\x00\x00mif1heic"
    boxes = ((b"ftyp", brands), (b"meta", bytes(60)), (b"mdat", bytes(400)))
    return b"".join((8 + len(body)).to_bytes(4) + name + body for name, body in boxes)


@functools.cache
def _bad_files() -> dict[str, tuple[bytes, str]]:
    photo = textured(400, 300)
    jpeg = encoded(photo, "JPEG")
    png = encoded(photo, "PNG")
    one_bit = Image.new("1", (20_001, 6))
    return {
        "empty": (b"", "empty"),
        "a text": (b"This is not a picture. " * 50, "not-a-picture"),
        "a drawing in XML": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-picture"),
        "a film": (FILM, "not-a-picture"),
        "JPEG cut in half": (jpeg[: len(jpeg) // 2], "unreadable"),
        "JPEG without its last byte": (jpeg[:-1], "unreadable"),
        "PNG cut in half": (png[: len(png) // 2], "unreadable"),
        "PNG with damage inside": (png[:900] + bytes(900) + png[1800:], "unreadable"),
        "WebP cut": (encoded(photo, "WEBP")[:-40], "unreadable"),
        "AVIF cut": (encoded(photo, "AVIF")[:-40], "unreadable"),
        "GIF cut": (encoded(photo, "GIF")[:-4000], "unreadable"),
        "BMP": (encoded(photo, "BMP"), "unknown-format"),
        "an icon": (encoded(photo.resize((64, 64)), "ICO"), "not-a-picture"),
        "only the first bytes of a JPEG": (jpeg[:3], "unreadable"),
        "HEIC": (_heic(), "unknown-format"),
        "TIFF": (encoded(photo, "TIFF"), "unknown-format"),
        "one pixel": (encoded(Image.new("RGB", (1, 1)), "PNG"), "too-small"),
        "four rows": (encoded(textured(300, 4), "PNG"), "too-small"),
        "a side too long": (encoded(one_bit, "PNG"), "too-large"),
        "too many pixels": (encoded(Image.new("1", (8001, 8000)), "PNG"), "too-large"),
        "one colour": (encoded(Image.new("RGB", (300, 300), "teal"), "PNG"), "too-poor"),
        "nothing but clear": (encoded(Image.new("RGBA", (300, 300)), "PNG"), "too-poor"),
    }


@pytest.mark.parametrize("what", _bad_files())
def test_bad_file_gives_its_reason_and_the_next_one_works(hashing_page: Page, what: str) -> None:
    """
    What cannot be hashed is refused for the right reason, and nothing stays broken after it.
    """
    content, reason = _bad_files()[what]
    assert hash_in(hashing_page, content)["reason"] == reason
    assert "hash" in hash_in(hashing_page, encoded(textured(200, 200), "PNG"))


def test_file_above_the_limit_is_refused_unread(hashing_page: Page) -> None:
    """
    64 MiB are looked at, one byte more is not. Source: spec/pdq.md §2.
    """
    script = """
    async (size) => {
      const file = new File([new Uint8Array(size)], "large");
      return hasher.hash(file).catch((error) => error.reason);
    }
    """
    assert hashing_page.evaluate(script, MAX_BYTES) == "not-a-picture"
    assert hashing_page.evaluate(script, MAX_BYTES + 1) == "too-large"


def test_wrong_name_and_type_do_not_matter(hashing_page: Page) -> None:
    """
    A PNG that is called a text is a PNG.
    """
    content = encoded(textured(200, 200), "PNG")
    assert hash_in(hashing_page, content, "notes.txt") == hash_in(hashing_page, content, "a.png")


def test_network_cut_after_load_does_not_stop_hashing(browser: Browser, address: str) -> None:
    """
    Hashing needs no network, and asks for nothing but the code itself.
    """
    context = browser.new_context()
    page = context.new_page()
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    page.on("request", note)
    page.goto(address)
    page.evaluate(SET_UP, None)
    hash_in(page, encoded(textured(100, 100), "PNG"))
    context.set_offline(True)
    before = len(requests)
    answer = hash_in(page, encoded(textured(640, 480), "JPEG"), "secret-name.jpg")
    assert "hash" in answer
    assert len(requests) == before
    assert all(request.method == "GET" for request in requests)
    assert all(request.url.startswith(address) for request in requests)
    assert not any("secret-name" in request.url for request in requests)
    context.close()


def test_browser_that_hides_pixels_is_noticed(page: Page) -> None:
    """
    Where the canvas gives noise, no hash is made: it would protect nothing.
    """
    page.evaluate(SET_UP, "/test/noisy-worker.mjs")
    assert hash_in(page, encoded(textured(200, 200), "PNG"))["reason"] == "blocked"


def test_worker_that_never_answers_is_replaced(page: Page) -> None:
    """
    After the time limit the picture counts as unreadable, and the next one gets a new worker.
    """
    script = """
    async () => {
      const { PictureHasher } = await import("/static/pdq/hasher.mjs");
      const hasher = new PictureHasher("/test/silent-worker.mjs", { limitMs: 300 });
      const reasons = [];
      for (const name of ["one", "two"]) {
        await hasher.hash(new File(["x"], name)).catch((error) => reasons.push(error.reason));
      }
      hasher.close();
      await hasher.hash(new File(["x"], "three")).catch((error) => reasons.push(error.reason));
      return reasons;
    }
    """
    assert page.evaluate(script) == ["unreadable", "unreadable", "unreadable"]


def test_worker_that_is_not_there_is_told_as_blocked(browser: Browser, address: str) -> None:
    """
    When the worker cannot be loaded, no file works, and the reason says so.
    """
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.evaluate(SET_UP, "/test/nothing.mjs")
    assert hash_in(page, encoded(textured(200, 200), "PNG"))["reason"] == "blocked"
    context.close()


def test_pictures_asked_for_at_once_are_hashed_in_order(hashing_page: Page) -> None:
    """
    Several pictures may be asked for without waiting; each gets its own answer.
    """
    pictures = [encoded(textured(200, 150 + 50 * seed, seed=seed), "PNG") for seed in range(4)]
    texts = [base64.b64encode(picture).decode() for picture in [*pictures, b"not a picture"]]
    answers = hashing_page.evaluate(
        "(texts) => Promise.all(texts.map((text) => hashBytes(text, 'picture')))", texts
    )
    expected = [hashed_by_python(picture) for picture in pictures]
    assert [answer.get("hash") for answer in answers] == [*expected, None]
    assert answers[-1]["reason"] == "not-a-picture"


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
    assert len(keys["tokens"]) == len(set(keys["tokens"])) == 32
    for slot, token in vector["tokens"].items():
        assert keys["tokens"][int(slot)] == token
        assert keys["digests"][int(slot)] == vector["token_digests"][slot]
    for token, digest in zip(keys["tokens"], keys["digests"], strict=True):
        assert hashlib.sha256(bytes.fromhex(token)).hexdigest() == digest
    assert keys["code"] == "closed"


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
    Only the vault's worker may: its policy is the exception that the page does not have.
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
      Vault.prepare("/test/nothing.mjs");
      return Vault.open(new Uint8Array(10), "/test/nothing.mjs").catch((error) => error.code);
    }
    """
    assert page.evaluate(script) == "unreachable"
    context.close()


def test_shared_photos_are_close_to_python(hashing_page: Page, shared_data: Path) -> None:
    """
    On real photos the browser is at most a few bits from Python: decoders differ in rounding.
    """
    photos = sorted((shared_data / "photos").glob("*.jpg"))
    assert photos
    for photo in photos:
        content = photo.read_bytes()
        expected = hash_rgb(read_pixels(content))
        answer = hash_in(hashing_page, content)
        if expected.quality < MIN_QUALITY:
            assert answer["reason"] == "too-poor", photo.name
        else:
            assert bits_apart(answer["hash"], expected.hash.hex()) <= CLOSE, photo.name
