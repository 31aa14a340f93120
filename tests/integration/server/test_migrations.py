"""
The tables in the database are those of the code.
"""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.actions.partners import acknowledge
from tegenbeeld.server.reads.entries import with_value
from tegenbeeld.server.reads.protections import slots
from tegenbeeld.server.records.models import Acknowledgement
from tegenbeeld.server.records.sealing import digest, seal
from tegenbeeld.wire.native import SignalType


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    """
    A changed table without its migration fails here, not on somebody's node.
    """
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_videos_listed_before_their_files_were_noted_are_found_by_them() -> None:
    """
    The newest tables, filled from a node that ran with the older ones.
    """
    old = _tables_of("0002_stamps_and_stops")
    md5 = HashValue(SignalType.VIDEO_MD5, bytes(range(16)))
    old.get_model("records", "Entry").objects.create(
        id=7,
        signal_type="video_md5",
        value_sealed=seal(md5, row=7),
        value_digest=digest(md5),
        state=EntryState.LISTED,
        stamp=1,
    )
    _newest_tables()
    assert with_value(md5.value) == [7]


@pytest.mark.django_db(transaction=True)
def test_protections_of_before_terms_were_chosen_last_as_long_as_promised() -> None:
    """
    None ends sooner; all end on a first; who had acknowledged has still acknowledged.
    """
    old = _tables_of("0003_videos")
    entry = old.get_model("records", "Entry").objects.create(
        id=7,
        signal_type="pdq",
        value_sealed=b"sealed",
        value_digest=b"d" * 32,
        state=EntryState.LISTED,
        stamp=1,
    )
    days = [date(2031, 11, 22), date(2031, 12, 31), date(2032, 1, 1)]
    digests = [bytes([number]) * 32 for number in range(len(days))]
    for digest_, day in zip(digests, days, strict=True):
        old.get_model("records", "Protection").objects.create(
            token_digest=digest_,
            entry=entry,
            provenance="self",
            state="received",
            created_on=date(2026, 11, 23),
            ends_on=day,
        )
    partner = old.get_model("records", "Partner").objects.create(
        name="Platform A", state="live", created_on=date(2026, 11, 23)
    )
    old.get_model("records", "Acknowledgement").objects.create(
        partner=partner, acknowledged_on=date(2026, 11, 23), seq=5
    )
    _newest_tables()
    view = slots(digests)
    assert [slot.ends_on for slot in view.slots] == [
        date(2031, 12, 1),
        date(2032, 1, 1),
        date(2032, 1, 1),
    ]
    assert {slot.note for slot in view.slots} == {None}
    acknowledge(partner=partner.id, through=4, with_frames=True, on=date(2026, 11, 24))
    newest = Acknowledgement.objects.order_by("-seq", "-frames_seq")[0]
    assert (newest.seq, newest.frames_seq) == (5, 4)


def _tables_of(migration: str) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate([("records", migration)])
    return executor.loader.project_state([("records", migration)]).apps


def _newest_tables() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
