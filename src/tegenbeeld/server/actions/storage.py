"""
What the database leaves beside its tables.
"""

from django.db import connection


def empty_journal() -> None:
    """
    Move SQLite's write-ahead log into the database file and cut it to nothing.

    The log keeps what was written together in one piece, so a copy of it would tell which
    hashes came in one request. Other databases keep no such file here.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        # Whoever reads just now is not waited for: the next round comes soon.
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            timeout_ms = int(connection.settings_dict["OPTIONS"]["timeout"] * 1000)
            cursor.execute(f"PRAGMA busy_timeout = {timeout_ms}")
