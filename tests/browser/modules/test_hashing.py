"""
Hashing files in a real browser, in the worker that does it.

Pictures are given to the page as bytes in a `File`, as a file picker would.
"""

import base64
import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request

from browser.modules.hashing import (
    SET_UP,
    bits_apart,
    encoded,
    hash_in,
    hashed_by_python,
    textured,
)
from browser.web_server import REPOSITORY
from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import MIN_QUALITY, hash_rgb

pytestmark = pytest.mark.browser

SPEC = REPOSITORY / "spec" / "vectors"

# Decoders may round a colour differently. Another turn or another background is 100 bits away.
CLOSE = 4


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
    page.evaluate(SET_UP, "/test/no-worker.mjs")
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
