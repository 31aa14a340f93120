"""
What a PDQ hash is, and when one is too weak to be used.

A `PdqHash` is 256 bits. Outside this package it is written as 64 lower-case hexadecimal digits.
Nothing here looks at a picture; see `hashing.py` for that.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Self

from tegenbeeld.errors import InvalidHash

HASH_BYTES = 32

MIN_QUALITY = 50
"""
Lowest quality whose hash may be used; inclusive.

Source: spec/pdq.md §7. PDQ's authors advise to discard a quality of 49 and below.
"""

MAX_DISTANCE = 31
"""
Largest distance, in bits, that counts as the same picture; inclusive.

Source: spec/pdq.md §8. PDQ's authors advise 31 of 256.
"""

MIN_ONES = 32
MAX_ONES = 224
"""
A hash of a real picture has 128 ones, because the bits say which values lie above the median.

Only pictures in which many values are equal have another number. Source: spec/pdq.md §7.
"""

_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True, repr=False)
class PdqHash:
    """
    The 256 bits of one picture.

    Attributes:
        value: 32 bytes, most significant first, so that `hex()` is the text of the exchange.
    """

    value: bytes

    def __post_init__(self) -> None:
        """
        Refuse anything but 32 bytes.
        """
        if not isinstance(self.value, bytes) or len(self.value) != HASH_BYTES:
            raise InvalidHash("A PDQ hash has 32 bytes. Use PdqHash.from_hex for its text form.")

    def __repr__(self) -> str:
        """
        Show the first digits: enough to tell two hashes apart, too few to use one.
        """
        return f"PdqHash({self.hex()[:8]}…)"

    @classmethod
    def from_hex(cls, text: str) -> Self:
        """
        Read a hash from its text form.

        Args:
            text: 64 lower-case hexadecimal digits and nothing else.

        Raises:
            InvalidHash: *text* is anything else.
        """
        if not isinstance(text, str) or not _HEX.fullmatch(text):
            raise InvalidHash(
                "This is not a PDQ hash. One is written as 64 digits: 0 to 9 and a to f, "
                "in lower case, without spaces."
            )
        return cls(bytes.fromhex(text))

    def hex(self) -> str:
        """
        Write the hash as 64 lower-case hexadecimal digits.
        """
        return self.value.hex()

    def is_degenerate(self) -> bool:
        """
        Tell whether the hash has so few or so many ones that it would match unlike pictures.
        """
        return not MIN_ONES <= int.from_bytes(self.value, "big").bit_count() <= MAX_ONES


class HashedPicture(NamedTuple):
    """
    The hash of a picture and how much detail it rests on.

    Attributes:
        hash: The hash of the picture as it was given.
        quality: 0 to 100; see `MIN_QUALITY`.
    """

    hash: PdqHash
    quality: int


class OrientedHashes(NamedTuple):
    """
    The hashes of a picture in its eight orientations.

    Attributes:
        hashes: Eight, in the order of `ORIENTATIONS`; the first is that of the picture itself.
        quality: 0 to 100, the same for all eight.
    """

    hashes: tuple[PdqHash, ...]
    quality: int


class Refusal(Enum):
    """
    Why a hash may not be used, in words for the person who picked the picture.
    """

    QUALITY = (
        "This picture has too little detail: its hash would also match other pictures. "
        "Choose a larger or sharper copy of it."
    )
    DEGENERATE = (
        "This picture is almost one flat colour: its hash would also match other pictures. "
        "Choose another picture."
    )


def refusal(hashed: HashedPicture | OrientedHashes) -> Refusal | None:
    """
    Say why a hash may not be used, or None where it may.

    Of the eight orientations the first one decides: it is the one that is listed.

    Source:
        spec/pdq.md §7.
    """
    first = hashed.hash if isinstance(hashed, HashedPicture) else hashed.hashes[0]
    if first.is_degenerate():
        return Refusal.DEGENERATE
    if hashed.quality < MIN_QUALITY:
        return Refusal.QUALITY
    return None


def is_usable(hashed: HashedPicture | OrientedHashes) -> bool:
    """
    Tell whether a hash may be shared and matched.
    """
    return refusal(hashed) is None
