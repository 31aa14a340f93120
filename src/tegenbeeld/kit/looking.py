"""
What is done to a picture inside the sandbox, and how its answer is written.

A worker may have been taken over by the picture that it looks at. So its answer is numbers and
bytes of a known shape, and is checked when it is read.
"""

from io import BytesIO
from typing import Annotated

import msgspec
import numpy as np
from PIL import Image, ImageOps

from tegenbeeld import pdq
from tegenbeeld.errors import DecoderCrashed
from tegenbeeld.kit.hashing import ViewedHash, ViewedPicture, hash_picture, hash_views
from tegenbeeld.media.orientation import ORIENTATION_TAG
from tegenbeeld.media.views import VIEWS

JOB = f"{__name__}:look"

FAST, EXACT, COPIES = b"fast", b"exact", b"copies"
"""What a worker is asked for: one hash, fast or exact; or all by which copies are found."""

Quality = Annotated[int, msgspec.Meta(ge=0, le=100)]
View = Annotated[int, msgspec.Meta(ge=0, lt=len(VIEWS))]
Orientation = Annotated[int, msgspec.Meta(ge=0, lt=len(pdq.ORIENTATIONS))]
Value = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]


class _Seen(msgspec.Struct, array_like=True):
    """
    An answer: how much detail there is, and what was hashed.
    """

    quality: Quality
    hashes: Annotated[list[tuple[View, Orientation, Value]], msgspec.Meta(min_length=1)]


_decode = msgspec.msgpack.Decoder(_Seen).decode


def prepare() -> None:
    """
    Look at pictures of our own, so that whatever is imported at first use is imported.
    """
    noise = np.random.default_rng(1).integers(0, 255, (12, 12, 3), np.uint8)
    drawn = Image.fromarray(noise).resize((240, 240), Image.Resampling.BICUBIC)
    framed = ImageOps.expand(drawn.rotate(4, fillcolor="white"), (40, 20), "black")
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    for format_ in ("JPEG", "PNG", "GIF", "WEBP"):
        file = BytesIO()
        framed.save(file, format_, exif=exif)
        for options in (FAST, EXACT):
            look(file.getvalue(), options)
    look(file.getvalue(), COPIES)


def look(content: bytes, options: bytes) -> bytes:
    """
    Hash one picture; runs in a worker.

    Args:
        content: The file.
        options: `FAST`, `EXACT` or `COPIES`.

    Raises:
        MediaError: It cannot be read, or has too little detail.
    """
    if options == COPIES:
        picture = hash_views(content)
        hashes = [
            (VIEWS.index(one.view), pdq.ORIENTATIONS.index(one.orientation), one.hash.value)
            for one in picture.hashes
        ]
        return msgspec.msgpack.encode(_Seen(picture.quality, hashes))
    hashed = hash_picture(content, exact=options == EXACT)
    return msgspec.msgpack.encode(_Seen(hashed.quality, [(0, 0, hashed.hash.value)]))


def read_answer(answer: bytes) -> ViewedPicture:
    """
    Read what `look` answered.

    Raises:
        DecoderCrashed: It is no answer of `look`.
    """
    try:
        seen = _decode(answer)
    except msgspec.DecodeError as error:
        raise DecoderCrashed(
            "This picture made the program that reads pictures answer nonsense. It was made to do "
            "harm; do not use it."
        ) from error
    hashes = tuple(
        ViewedHash(VIEWS[view], pdq.ORIENTATIONS[turn], pdq.PdqHash(value))
        for view, turn, value in seen.hashes
    )
    return ViewedPicture(hashes, seen.quality)
