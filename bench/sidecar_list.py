"""
The list that bench/sidecar.py serves, and the questions that it asks.
"""

import json
import time
from pathlib import Path

import numpy as np
from sidecar_node import added

from tegenbeeld.kit import Credentials, Store
from tegenbeeld.kit.index_keeper import IndexKeeper
from tegenbeeld.wire.native import MAX_PAGE, ChangePage, StopnciiKeys

QUESTIONS = 200
"""Different questions, asked in turn, so that the processor's cache knows none of them."""


def hashes(first: int, count: int) -> list[str]:
    """
    Give the hashes of the entries *first* and following; always the same.
    """
    rows = np.random.default_rng(first).bytes(32 * count).hex()
    return [rows[64 * row : 64 * row + 64] for row in range(count)]


def make_store(folder: Path, size: int, node: str) -> None:
    """
    Make a list of random hashes with its index.
    """
    with Store.create(folder) as store:
        keys = StopnciiKeys(base_url=node, subscription_key="", function_keys={})
        store.save_credentials(
            Credentials(partner="bench", state="live", node=node, key="bench", stopncii=keys)
        )
        for first in range(0, size, MAX_PAGE):
            some = hashes(first, min(MAX_PAGE, size - first))
            changes = [added(first + row + 1, hash_) for row, hash_ in enumerate(some)]
            last = first + len(some)
            store.apply(ChangePage(changes=changes, next=last, head=last, more=False))
        store.record_acknowledged(size)
        IndexKeeper(store).keep(at=time.time())


def make_questions(folder: Path, size: int, count: int) -> None:
    """
    Write questions as lines of hexadecimal digits; one hash in a hundred is on the list.
    """
    rng = np.random.default_rng(7)
    lines = []
    for _ in range(QUESTIONS):
        some = [rng.bytes(32).hex() for _ in range(count)]
        for row in np.flatnonzero(rng.random(count) < 0.01):
            first = int(rng.integers(0, size // MAX_PAGE)) * MAX_PAGE
            known = int(hashes(first, MAX_PAGE)[int(rng.integers(MAX_PAGE))], 16)
            for bit in rng.choice(256, int(rng.integers(0, 32)), replace=False).tolist():
                known ^= 1 << bit
            some[row] = f"{known:064x}"
        lines.append(some)
    (folder / "binary").write_text("\n".join("".join(some) for some in lines) + "\n")
    texts = (json.dumps({"hashes": some}, separators=(",", ":")) for some in lines)
    (folder / "json").write_text("\n".join(texts) + "\n")
