"""
Looking pictures up on a list.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.errors import InvalidHash, MediaError, NotAPicture, PictureTooPoor
from tegenbeeld.kit import Entry, Matcher, SignalType, Store, hash_file, sync
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
