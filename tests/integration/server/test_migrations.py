"""
The tables in the database are those of the code.
"""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.casework.lifecycle import EntryState
from tegenbeeld.server.reads.entries import with_value
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
    executor = MigrationExecutor(connection)
    executor.migrate([("records", "0002_stamps_and_stops")])
    old = executor.loader.project_state([("records", "0002_stamps_and_stops")]).apps
    md5 = HashValue(SignalType.VIDEO_MD5, bytes(range(16)))
    old.get_model("records", "Entry").objects.create(
        id=7,
        signal_type="video_md5",
        value_sealed=seal(md5, row=7),
        value_digest=digest(md5),
        state=EntryState.LISTED,
        stamp=1,
    )
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert with_value(md5.value) == [7]
