"""
Looking pictures up on a list.
"""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.errors import InvalidHash, MediaError, NotAPicture, PictureTooPoor
from tegenbeeld.kit import Entry, Matcher, SignalType, Store, hash_file, sync
from tegenbeeld.kit.hashing import hash_views
from tegenbeeld.kit.testing import InMemoryExchange
from tegenbeeld.wire.native import Provenance

MD5 = "0cc175b9c0f1b6a831c399e269772661"
Picture = Callable[..., bytes]


def changed(hash_: pdq.PdqHash, bits: int) -> pdq.PdqHash:
    """
    The hash with its last *bits* bits turned over.
    """
    number = int.from_bytes(hash_.value, "big") ^ ((1 << bits) - 1)
    return pdq.PdqHash(number.to_bytes(32, "big"))


@pytest.fixture
def hashed(tmp_path: Path, picture: Picture) -> pdq.PdqHash:
    """
    The hash of picture 1.
    """
    path = tmp_path / "picture.png"
    path.write_bytes(picture(1))
    return hash_file(path).hash


def entry(hash_: pdq.PdqHash, name: str = "one") -> Entry:
    """
    An entry of a list from a file.
    """
    return Entry(id=name, signal_type=SignalType.PDQ, hash=hash_.value, provenance=None)


def test_match_picture_when_it_is_a_copy(hashed: pdq.PdqHash, picture: Picture) -> None:
    """
    A smaller copy with other compression matches, and another picture does not.
    """
    matcher = Matcher([entry(hashed)])
    (match,) = matcher.match_picture(picture(1, size=200, format_="JPEG"))
    assert (match.id, match.orientation, match.hash) == ("one", "original", hashed.hex())
    assert match.distance <= pdq.MAX_DISTANCE
    assert matcher.match_picture(picture(2)) == []


@pytest.mark.parametrize("turn", list(Image.Transpose))
def test_match_picture_when_turned_or_mirrored(
    hashed: pdq.PdqHash, picture: Picture, turn: Image.Transpose
) -> None:
    """
    Each turned or mirrored copy matches once, with the orientation that undoes it.
    """
    file = io.BytesIO()
    Image.open(io.BytesIO(picture(1))).transpose(turn).save(file, "PNG")
    (match,) = Matcher([entry(hashed)]).match_picture(file.getvalue())
    assert match.orientation != "original"
    assert match.distance <= pdq.MAX_DISTANCE


@pytest.mark.parametrize(("bits", "found"), [(0, [0]), (31, [31]), (32, [])])
def test_match_hash_when_at_the_edge(hashed: pdq.PdqHash, bits: int, found: list[int]) -> None:
    """
    31 bits still count, 32 do not.
    """
    matches = Matcher([entry(hashed)]).match_hash(changed(hashed, bits))
    assert [match.distance for match in matches] == found


def test_match_hash_when_the_bound_is_lower(hashed: pdq.PdqHash) -> None:
    """
    A lower bound is inclusive too.
    """
    matcher = Matcher([entry(hashed)], max_distance=4)
    assert len(matcher.match_hash(changed(hashed, 4))) == 1
    assert matcher.match_hash(changed(hashed, 5)) == []


@pytest.mark.parametrize("bound", [-1, 32])
def test_matcher_when_the_bound_makes_no_sense(bound: int) -> None:
    """
    A bound outside 0 to 31 is refused.
    """
    with pytest.raises(ValueError, match="max_distance"):
        Matcher([], max_distance=bound)


def test_match_hash_when_several_match(hashed: pdq.PdqHash) -> None:
    """
    The nearest comes first, and equals are in the order of their ids.
    """
    entries = [
        entry(changed(hashed, 9), "far"),
        entry(hashed, "b"),
        entry(hashed, "a"),
    ]
    found = Matcher(entries).match_hash(hashed)
    assert [(match.id, match.distance) for match in found] == [("a", 0), ("b", 0), ("far", 9)]


def test_match_hash_when_degenerate() -> None:
    """
    The hash of a flat picture is not looked up.
    """
    with pytest.raises(InvalidHash, match="flat"):
        Matcher([]).match_hash(pdq.PdqHash(bytes(32)))


def test_match_picture_when_too_poor() -> None:
    """
    A flat picture says that it cannot be hashed.
    """
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "PNG")
    with pytest.raises(PictureTooPoor):
        Matcher([]).match_picture(file.getvalue())


def test_match_picture_when_not_a_picture(tmp_path: Path) -> None:
    """
    Text, a folder and a missing file are each told apart.
    """
    matcher = Matcher([])
    with pytest.raises(NotAPicture):
        matcher.match_picture(b"plainly not a picture")
    with pytest.raises(MediaError, match="folder"):
        matcher.match_picture(tmp_path)
    with pytest.raises(MediaError, match="no file"):
        matcher.match_picture(tmp_path / "missing.jpg")


def test_matcher_when_the_store_changes(
    store: Store, exchange: InMemoryExchange, hashed: pdq.PdqHash
) -> None:
    """
    A matcher follows what another connection syncs: added, withdrawn, videos too.
    """
    matcher = Matcher(store)
    assert matcher.match_hash(hashed) == []
    picture_id = exchange.add(hashed.hex(), provenance=Provenance.SELF)
    video_id = exchange.add(MD5)
    with Store(store.folder) as other, exchange.client() as client:
        sync(other, client)
        (match,) = matcher.match_hash(hashed)
        assert (match.id, match.provenance) == (picture_id, Provenance.SELF)
        assert [match.id for match in matcher.match_md5(MD5)] == [video_id]
        exchange.withdraw(picture_id)
        exchange.withdraw(video_id)
        sync(other, client)
    assert matcher.match_hash(hashed) == []
    assert matcher.match_md5(MD5) == []


@pytest.mark.parametrize("text", ["", MD5[:-1], MD5.upper(), "g" * 32, " ".join(MD5)])
def test_match_md5_when_it_is_none(text: str) -> None:
    """
    Anything but 32 lower-case digits is refused.
    """
    with pytest.raises(InvalidHash):
        Matcher([]).match_md5(text)


def framed(picture: bytes, *, page: tuple[int, int], at: tuple[int, int]) -> bytes:
    """
    The picture on a white page, as a file.
    """
    sheet = Image.new("RGB", page, "white")
    sheet.paste(Image.open(io.BytesIO(picture)), at)
    file = io.BytesIO()
    sheet.save(file, "JPEG", quality=85)
    return file.getvalue()


def test_match_picture_when_framed_says_it_was_cut(hashed: pdq.PdqHash, picture: Picture) -> None:
    """
    A border, a page of a phone: found without it, once, and said so.
    """
    matcher = Matcher([entry(hashed)])
    for page, at in (((400, 400), (40, 40)), ((320, 690), (0, 150))):
        (match,) = matcher.match_picture(framed(picture(1), page=page, at=at))
        assert (match.view, match.orientation) == ("cut", "original")


def test_match_picture_when_beside_another_says_it_is_a_part(
    hashed: pdq.PdqHash, picture: Picture, tmp_path: Path
) -> None:
    """
    Of two pictures in one upload both are found.
    """
    path = tmp_path / "other.png"
    path.write_bytes(picture(2))
    matcher = Matcher([entry(hashed), entry(hash_file(path).hash, "two")])
    both = Image.new("RGB", (640, 320))
    both.paste(Image.open(io.BytesIO(picture(1))), (0, 0))
    both.paste(Image.open(io.BytesIO(picture(2))), (320, 0))
    file = io.BytesIO()
    both.save(file, "PNG")
    found = matcher.match_picture(file.getvalue())
    assert {(match.id, match.view) for match in found} == {("one", "part"), ("two", "part")}


def test_match_picture_when_listed_as_it_lies_in_the_file(picture: Picture) -> None:
    """
    A list made by software that ignores EXIF holds the unturned picture; it is found all the same.
    """
    exif = Image.Exif()
    exif[0x0112] = 6
    file = io.BytesIO()
    lying = Image.open(io.BytesIO(picture(1)))
    lying.save(file, "JPEG", quality=90, exif=exif)
    matcher = Matcher([entry(pdq.hash_rgb(np.asarray(lying)).hash)])
    (match,) = matcher.match_picture(file.getvalue())
    assert (match.view, match.orientation == "original") == ("whole", False)


def test_match_picture_when_in_a_later_frame(hashed: pdq.PdqHash, picture: Picture) -> None:
    """
    Of an animation more is looked up than the first frame.
    """
    frames = [Image.open(io.BytesIO(picture(number))) for number in (5, 6, 1, 7)]
    file = io.BytesIO()
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    (match,) = Matcher([entry(hashed)]).match_picture(file.getvalue())
    assert match.view == "whole"


def test_hash_views_when_looked_up_has_each_hash_once(picture: Picture) -> None:
    """
    Nothing is asked twice, and the first is the whole as it is.
    """
    viewed = hash_views(picture(1))
    hashes = [one.hash for one in viewed.hashes]
    assert len(set(hashes)) == len(hashes)
    assert viewed.hashes[0][:2] == ("whole", "original")
