"""
Hashes that belong to nobody: the published test hashes, and synthetic ones for trials.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np
from django.db import transaction

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.errors import NodeNotEmpty
from tegenbeeld.server.actions import entries
from tegenbeeld.server.actions.publication import Move, write_down
from tegenbeeld.server.records.models import AuditEvent, Change, Entry, LogHead, Protection
from tegenbeeld.wire.native import ChangeKind, Provenance, SignalType
from tegenbeeld.wire.published import TEST_HASHES

BATCH = 5_000
"""Rows in one statement: bounds memory without slowing the filling down."""

PER_DAY = 86_400
"""Synthetic changes dated on one day, so that the log's clock never runs ahead of the calendar."""

OTHERS = (Provenance.TEST, Provenance.SYNTHETIC)


@transaction.atomic
def list_test_hashes(*, on: date) -> None:
    """
    Put the published test hashes on the list, once.
    """
    if not Protection.objects.filter(provenance=Provenance.TEST).exists():
        values = [bytes.fromhex(text) for text in TEST_HASHES]
        _list(values, provenance=Provenance.TEST, head=_head(), on=on)


@transaction.atomic
def seed(count: int, *, by: str, on: date) -> None:
    """
    Fill a node with synthetic protections: for trials and load tests only.

    They are listed at once, dated as if one a second had come in until today. All of them are
    written or none.

    Args:
        count: How many, 1 or more.
        by: Who asked for it.
        on: Today.

    Raises:
        NodeNotEmpty: The node holds protections of people or partners.
    """
    if Protection.objects.exclude(provenance__in=OTHERS).exists():
        raise NodeNotEmpty(
            "This node holds real protections, so it takes no synthetic ones. "
            "Set up another node: DATA=another/folder tegenbeeld node init"
        )
    head = _head()
    generator = np.random.default_rng()
    for size, day in _batches(count, until=on):
        _list(_hash_values(size, generator), provenance=Provenance.SYNTHETIC, head=head, on=day)
    AuditEvent.objects.create(done_on=on, actor=by, act="node.seed", subject=str(count))


def _head() -> LogHead:
    head, _ = LogHead.objects.select_for_update().get_or_create(id=1)
    return head


def _batches(count: int, *, until: date) -> Iterator[tuple[int, date]]:
    while count:
        size = min(count - 1, BATCH - 1, (count - 1) % PER_DAY) + 1
        yield size, until - timedelta(days=(count - 1) // PER_DAY)
        count -= size


def _list(values: Sequence[bytes], *, provenance: Provenance, head: LogHead, on: date) -> None:
    made = [entries.new_entry(HashValue(SignalType.PDQ, value), quality=100) for value in values]
    protections = [
        Protection(
            entry=entry, provenance=provenance, state=ProtectionState.RECEIVED, created_on=on
        )
        for entry in made
    ]
    changes = write_down(
        (Move(p, ChangeKind.ADD, provenance) for p in protections), head=head, on=on
    )
    Entry.objects.bulk_create(made)
    Protection.objects.bulk_create(protections)
    Change.objects.bulk_create(changes)
    head.save()


def _hash_values(count: int, generator: np.random.Generator) -> list[bytes]:
    # Like real PDQ hashes, each has as many ones as zeros.
    halves = np.tile(np.repeat(np.array([0, 1], dtype=np.uint8), 128), (count, 1))
    packed = np.packbits(generator.permuted(halves, axis=1), axis=1)
    return [row.tobytes() for row in packed]
