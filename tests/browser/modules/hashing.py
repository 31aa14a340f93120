"""
Hashing files in a page, and the pictures for it.
"""

import base64
import io
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Page

from tegenbeeld.media import read_pixels
from tegenbeeld.pdq import PdqHash, distance, hash_rgb

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
