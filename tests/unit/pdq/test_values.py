"""
Hashes as values: text form, order, and which ones are refused.
"""

import pytest

from tegenbeeld.errors import InvalidHash
from tegenbeeld.pdq import (
    HashedPicture,
    OrientedHashes,
    PdqHash,
    Refusal,
    is_usable,
    refusal,
)

TEXT = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


def with_ones(count: int) -> PdqHash:
    """
    Give a hash of *count* ones.
    """
    return PdqHash(((1 << count) - 1).to_bytes(32, "big"))


def test_hex_returns_the_text_it_was_read_from() -> None:
    """
    Reading and writing a hash changes nothing.
    """
    assert PdqHash.from_hex(TEXT).hex() == TEXT
    assert PdqHash.from_hex(TEXT).value[0] == 0xF8


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT[:-1],
        TEXT + "0",
        TEXT.upper(),
        TEXT + "\n",
        " " + TEXT[1:],
        "g" + TEXT[1:],
        "٣" + TEXT[1:],
        TEXT.encode(),
        None,
    ],
)
def test_from_hex_refuses_when_text_is_not_64_lower_case_digits(text: object) -> None:
    """
    Anything but the one text form is an error that says what the form is.
    """
    with pytest.raises(InvalidHash, match="64 digits"):
        PdqHash.from_hex(text)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [b"", bytes(31), bytes(33), bytearray(32), "0" * 32])
def test_construction_refuses_when_value_is_not_32_bytes(value: object) -> None:
    """
    A hash that exists has 32 bytes that cannot change.
    """
    with pytest.raises(InvalidHash, match="32 bytes"):
        PdqHash(value)  # type: ignore[arg-type]


def test_hashes_compare_by_value() -> None:
    """
    Equal bits are equal hashes, also as keys; order is that of the text.
    """
    first, second = PdqHash(bytes(32)), PdqHash(bytes(31) + b"\x01")
    assert PdqHash.from_hex(TEXT) == PdqHash.from_hex(TEXT)
    assert len({first, second, PdqHash(bytes(32))}) == 2
    assert sorted([second, first]) == [first, second]


def test_repr_shows_only_the_first_digits() -> None:
    """
    A hash in a log line by accident cannot be used.
    """
    assert repr(PdqHash.from_hex(TEXT)) == "PdqHash(f8f8f0ce…)"


def test_value_cannot_be_changed() -> None:
    """
    A hash is frozen.
    """
    with pytest.raises(AttributeError):
        PdqHash(bytes(32)).value = bytes(32)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("ones", "degenerate"),
    [(0, True), (31, True), (32, False), (128, False), (224, False), (225, True), (256, True)],
)
def test_is_degenerate_at_each_bound(ones: int, *, degenerate: bool) -> None:
    """
    From 32 to 224 ones, both inclusive, a hash may be used.
    """
    assert with_ones(ones).is_degenerate() is degenerate


@pytest.mark.parametrize(
    ("ones", "quality", "expected"),
    [
        (128, 50, None),
        (128, 100, None),
        (128, 49, Refusal.QUALITY),
        (0, 100, Refusal.DEGENERATE),
        (0, 0, Refusal.DEGENERATE),
    ],
)
def test_refusal_when_quality_or_bits_are_too_poor(
    ones: int, quality: int, expected: Refusal | None
) -> None:
    """
    Quality 50 is enough; a degenerate hash is refused at any quality.
    """
    one = with_ones(ones)
    assert refusal(HashedPicture(one, quality)) is expected
    assert refusal(OrientedHashes((one,) + (with_ones(128),) * 7, quality)) is expected
    assert is_usable(HashedPicture(one, quality)) is (expected is None)


@pytest.mark.parametrize("reason", list(Refusal))
def test_every_refusal_says_what_to_do(reason: Refusal) -> None:
    """
    The words are for the person, so each ends with a step to take.
    """
    assert "Choose" in reason.value
