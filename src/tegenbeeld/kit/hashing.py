"""
From a picture to the hash that is listed, or to those by which copies of it are found.

Runs in a worker of the sandbox (`looking.py`); programs ask `pictures.py`.
"""

from collections.abc import Iterable
from typing import NamedTuple

from tegenbeeld import media, pdq
from tegenbeeld.errors import PictureTooPoor
from tegenbeeld.media.views import VIEWS, find_views

WHOLE = VIEWS[0]

MOST_FRAMES = 8
"""Frames of an animation that are looked up, evenly apart; the first one always."""


class ViewedHash(NamedTuple):
    """
    One hash of an upload, and what of the upload it is the hash of.

    Attributes:
        view: The part, one of `media.views.VIEWS`.
        orientation: How the part was turned or mirrored, one of `pdq.ORIENTATIONS`.
        hash: Good enough to be looked up.
    """

    view: str
    orientation: str
    hash: pdq.PdqHash


class ViewedPicture(NamedTuple):
    """
    All the hashes by which an upload is looked up.

    Attributes:
        hashes: Each hash once, the likeliest first; never none.
        quality: How much detail the first of them rests on, 50 to 100.
    """

    hashes: tuple[ViewedHash, ...]
    quality: int


def hash_picture(picture: bytes, *, exact: bool) -> pdq.HashedPicture:
    """
    Hash a picture whole.

    Args:
        picture: The bytes of a file.
        exact: Decode it at full size, as the person's browser does, instead of a large one smaller.

    Raises:
        MediaError: The file cannot be read as a picture; `PictureTooPoor` where it can be, but
            has too little detail for a hash that means something.
    """
    if exact:
        hashed = pdq.hash_rgb(media.read_pixels(picture))
    else:
        reduced = media.read_reduced(picture)
        hashed = pdq.hash_rgb(reduced.plane, full_size=reduced.full_size)
    _check_is_usable(hashed)
    return hashed


def hash_views(picture: bytes) -> ViewedPicture:
    """
    Hash an upload and what may be copies of photos in it, each turned and mirrored.

    The picture is decoded once, and smaller where it is large. What its EXIF orientation says was
    applied; how it lies in the file is one of the eight orientations, so a list made by software
    that ignores EXIF is matched too. Of an animation some frames are hashed whole.

    Args:
        picture: The bytes of a file.

    Raises:
        MediaError: As for `hash_picture`; `PictureTooPoor` where no part has enough detail.
    """
    frames = media.read_frames(picture, most=MOST_FRAMES)
    first = next(frames)
    whole = pdq.hash_orientations(first.plane, full_size=first.full_size)
    others = ((frame.plane, frame.full_size) for frame in frames)
    hashed = [(WHOLE, whole)]
    hashed += [(WHOLE, pdq.hash_orientations(plane, full_size=size)) for plane, size in others]
    # A view's 64 by 64 pixels are PDQ's samples: they are not reduced any further.
    views = find_views(first.plane)[1:]
    hashed += [(view.name, pdq.hash_orientations(view.pixels)) for view in views]
    usable = [(name, one) for name, one in hashed if pdq.is_usable(one)]
    if not usable:
        _check_is_usable(whole)
    return ViewedPicture(_distinct(usable), usable[0][1].quality)


def _distinct(hashed: Iterable[tuple[str, pdq.OrientedHashes]]) -> tuple[ViewedHash, ...]:
    found: dict[pdq.PdqHash, ViewedHash] = {}
    for view, eight in hashed:
        for orientation, hash_ in zip(pdq.ORIENTATIONS, eight.hashes, strict=True):
            found.setdefault(hash_, ViewedHash(view, orientation, hash_))
    return tuple(found.values())


def _check_is_usable(hashed: pdq.HashedPicture | pdq.OrientedHashes) -> None:
    reason = pdq.refusal(hashed)
    if reason is not None:
        raise PictureTooPoor(reason.value)
