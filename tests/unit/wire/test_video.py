"""
The frames of a video on the wire: what is written is read again, and nothing else is taken.
"""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tegenbeeld.errors import WireError
from tegenbeeld.pdq import PdqHash
from tegenbeeld.wire import native
from tegenbeeld.wire.video import (
    MAX_AT_MS,
    MAX_FRAMES,
    MAX_TEXT,
    Frame,
    decode_frames,
    encode_frames,
)
from testing.people import random_hash


def frame(at_ms: int, quality: int = 90) -> Frame:
    """
    A frame of nothing.
    """
    return Frame(PdqHash.from_hex(random_hash()), quality, at_ms)


@given(
    st.lists(st.integers(0, MAX_AT_MS - 1), min_size=1, max_size=50, unique=True),
    st.integers(50, 100),
)
def test_frames_come_back_as_they_were(times: list[int], quality: int) -> None:
    """
    Any times in order, any quality that is good enough.
    """
    frames = tuple(frame(at_ms, quality) for at_ms in sorted(times))
    assert decode_frames(encode_frames(frames)) == frames


def test_longest_video_fits_exactly() -> None:
    """
    Two hours with another picture each second are the longest text, and the wire takes it.
    """
    longest = encode_frames([frame(1000 * second) for second in range(MAX_FRAMES)])
    assert len(longest) == MAX_TEXT == native.MAX_FRAMES_TEXT
    assert len(decode_frames(longest)) == MAX_FRAMES


FLAT = Frame(PdqHash(bytes(32)), 90, 0)


@pytest.mark.parametrize(
    "frames",
    [
        [],
        [frame(0), frame(0)],
        [frame(1000), frame(0)],
        [frame(MAX_AT_MS)],
        [frame(0, 49)],
        [frame(0, 101)],
        [FLAT],
        [frame(second) for second in range(MAX_FRAMES + 1)],
    ],
    ids=["none", "same", "back", "late", "poor", "too good", "flat", "too many"],
)
def test_frames_that_break_a_rule_are_not_written(frames: list[Frame]) -> None:
    """
    Nobody could read them.
    """
    with pytest.raises((WireError, OverflowError)):
        encode_frames(frames)


def text_of(raw: bytes) -> str:
    """
    Bytes as they go on the wire.
    """
    return base64.b64encode(raw).decode()


ONE = bytes([1, 0, 0, 0, 90]) + bytes.fromhex(random_hash())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "é",
        "====",
        text_of(b""),
        text_of(b"\1"),
        text_of(b"\2" + ONE[1:]),
        text_of(ONE[:-1]),
        text_of(ONE + b"\0"),
        text_of(ONE + ONE[1:]),
        text_of(ONE[:4] + b"\1" + ONE[5:]),
        text_of(ONE[:5] + bytes(32)),
        text_of(ONE).rstrip("=") + "\n",
        " " + text_of(ONE),
        "A" * (MAX_TEXT + 4),
    ],
)
def test_text_that_breaks_a_rule_is_refused(text: str) -> None:
    """
    Cut off, of another version, out of order, poor, flat, too long: never half read.
    """
    assert decode_frames(text_of(ONE))
    with pytest.raises(WireError):
        decode_frames(text)
