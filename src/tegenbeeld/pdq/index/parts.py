"""
The two kinds of things that are searched, as the kernel and the reference take them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.pdq.index.format import Layout, Section


class Loose(NamedTuple):
    """
    Hashes without tables: each is compared.

    Attributes:
        rows: How many there are; the arrays may be longer.
        keys: uint64[at least rows].
        words: uint64[at least rows, 4].
        dead: uint8, one bit for each row, lowest bit first; set when the hash is withdrawn.
    """

    rows: int
    keys: NDArray[np.uint64]
    words: NDArray[np.uint64]
    dead: NDArray[np.uint8]


class SearchPart(NamedTuple):
    """
    One segment as a search sees it.

    Attributes:
        layout: Its shape.
        image: uint8[size_bytes], the whole segment.
        sections: Where everything lies in it.
        dead: uint8, one bit for each row, lowest bit first; set when the hash is withdrawn.
    """

    layout: Layout
    image: NDArray[np.uint8]
    sections: tuple[Section, ...]
    dead: NDArray[np.uint8]

    @property
    def keys(self) -> NDArray[np.uint64]:
        """
        uint64[rows], ascending.
        """
        return self._section(0).view("<u8")

    @property
    def words(self) -> NDArray[np.uint64]:
        """
        uint64[rows, 4].
        """
        return self._section(1).view("<u8").reshape(-1, 4)

    def table(
        self, number: int
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint16], NDArray[np.uint8]]:
        """
        Give uint32[buckets + 1] starts, uint16[rows] fingerprints and uint8[rows, id_bytes] ids.
        """
        starts, fingerprints, ids = (self._section(2 + 3 * number + kind) for kind in range(3))
        id_bytes = self.layout.id_bytes
        return starts.view("<u4"), fingerprints.view("<u2"), ids.reshape(-1, id_bytes)

    def _section(self, place: int) -> NDArray[np.uint8]:
        section = self.sections[place]
        return self.image[section.offset : section.offset + section.length]
