"""
The compiled kernel, or the reference where it could not be compiled.

`TEGENBEELD_KERNEL=none` takes the reference, `=required` refuses to run without the kernel.
"""

import os
import warnings
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tegenbeeld.errors import HashIndexError
from tegenbeeld.pdq.index import reference
from tegenbeeld.pdq.index.format import Layout, Section
from tegenbeeld.pdq.index.parts import Loose, SearchPart

Column = bytearray | NDArray[np.int64] | NDArray[np.uint64] | NDArray[np.uint16]


class Snapshot(Protocol):
    """
    Hashes that can be searched; see `reference.Snapshot`.
    """

    def search_hex(
        self, text: str, max_distance: int, most: int | None = None, /
    ) -> list[tuple[int, int]]:
        """
        Find what is near one hash, given as text: (key, distance), sorted by distance and key.
        """

    def search_many(
        self, queries: NDArray[np.uint64], max_distance: int, most: int | None = None, /
    ) -> tuple[Column, Column, Column]:
        """
        Find what is near each query: buffers of int64 rows, uint64 keys and uint16 distances.
        """


PartT = TypeVar("PartT")
"""
A prepared segment; of another type in each kernel.
"""


class Kernel(Protocol[PartT]):
    """
    What the rest of the index needs from either.
    """

    def part(
        self,
        layout: Layout,
        image: NDArray[np.uint8],
        sections: tuple[Section, ...],
        dead: NDArray[np.uint8],
        /,
    ) -> PartT:
        """
        Prepare a segment for snapshots.
        """

    def snapshot(self, parts: Sequence[PartT], loose: Loose | None, /) -> Snapshot:
        """
        Make something that can be searched.
        """

    def build_table(  # noqa: PLR0913, PLR0917 - one table is three arrays
        self,
        words: NDArray[np.uint64],
        table: int,
        bucket_bits: int,
        starts: NDArray[np.uint32],
        fingerprints: NDArray[np.uint16],
        ids: NDArray[np.uint8],
        /,
    ) -> None:
        """
        Fill one table; see `reference.build_table`.
        """


class Reference:
    """
    The kernel in numpy.
    """

    part = SearchPart
    snapshot = reference.Snapshot
    build_table = staticmethod(reference.build_table)


def load() -> Kernel[Any]:
    """
    Choose, as the environment says.

    Raises:
        HashIndexError: `TEGENBEELD_KERNEL` is `required` and there is no kernel.
    """
    wanted = os.environ.get("TEGENBEELD_KERNEL", "")
    if wanted == "none":
        return Reference()
    try:
        from tegenbeeld.pdq import _kernel
    except ImportError as error:
        if wanted == "required":
            raise HashIndexError(
                "The compiled index is missing. Install a C compiler and install the package again."
            ) from error
        warnings.warn(
            "The compiled index is missing: matching is exact but a hundred times slower. "
            "Install a C compiler and install the package again.",
            RuntimeWarning,
            stacklevel=2,
        )
        return Reference()
    return _kernel


KERNEL = load()
