from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

class Part: ...

class Snapshot:
    def search_hex(
        self, text: str, max_distance: int, most: int | None = None, /
    ) -> list[tuple[int, int]]: ...
    def search_many(
        self, queries: NDArray[np.uint64], max_distance: int, most: int | None = None, /
    ) -> tuple[bytearray, bytearray, bytearray]: ...

def part(
    layout: tuple[int, int, int],
    image: NDArray[np.uint8],
    sections: Sequence[tuple[int, int]],
    dead: NDArray[np.uint8],
    /,
) -> Part: ...
def snapshot(parts: Sequence[object], loose: tuple[object, ...] | None, /) -> Snapshot: ...
def build_table(
    words: NDArray[np.uint64],
    table: int,
    bucket_bits: int,
    starts: NDArray[np.uint32],
    fingerprints: NDArray[np.uint16],
    ids: NDArray[np.uint8],
    /,
) -> None: ...
def use(name: str, /) -> Literal["avx512", "avx2", "generic"]: ...
