"""
PDQ: the hash of a picture, and the distance between two of them.

Takes pixels, never files: `tegenbeeld.media` reads those. What the words mean and what every
program must agree on stands in `spec/pdq.md`.
"""

from tegenbeeld.pdq.distance import Words, distance, distances, pack, scan
from tegenbeeld.pdq.hashing import hash_orientations, hash_rgb
from tegenbeeld.pdq.orientations import ORIENTATIONS
from tegenbeeld.pdq.values import (
    MAX_DISTANCE,
    MIN_QUALITY,
    HashedPicture,
    OrientedHashes,
    PdqHash,
    Refusal,
    is_usable,
    refusal,
)

__all__ = [
    "MAX_DISTANCE",
    "MIN_QUALITY",
    "ORIENTATIONS",
    "HashedPicture",
    "OrientedHashes",
    "PdqHash",
    "Refusal",
    "Words",
    "distance",
    "distances",
    "hash_orientations",
    "hash_rgb",
    "is_usable",
    "pack",
    "refusal",
    "scan",
]
