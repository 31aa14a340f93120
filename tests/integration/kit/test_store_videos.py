"""
Videos in the list on disk: found by their MD5, kept with their frames.
"""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tegenbeeld.errors import WireError
from tegenbeeld.kit import Store
from tegenbeeld.wire.native import ChangePage, decode
from testing import hostile_node
from testing.videos import random_frames

MD5 = "0cc175b9c0f1b6a831c399e269772661"
FRAMES = random_frames(3)


def page(*changes: dict[str, Any]) -> ChangePage:
    """
    A page of the log that ends with the last of these.
    """
    seq = changes[-1]["seq"]
    raw = hostile_node.page(list(changes), next_=seq, head=seq, more=False)
    return decode(raw, ChangePage)


def video(seq: int, **other: Any) -> dict[str, Any]:
    """
    A change that lists a video.
    """
    known = {"signal_type": "vpdq", "hash": MD5, "quality": None, "frames": FRAMES}
    return hostile_node.change(seq, **{**known, **other})


def without_frames(seq: int) -> dict[str, Any]:
    """
    A change that lists a video of which nobody could read the frames.
    """
    return video(seq, signal_type="video_md5", frames=None)


def test_videos_are_found_by_their_file(tmp_path: Path) -> None:
    """
    With frames or without, also when two entries are of one file.
    """
    with Store.create(tmp_path) as store:
        store.apply(page(video(1), without_frames(2), hostile_node.change(3)))
        assert len(store.videos(bytes.fromhex(MD5))) == 2
        withdrawal = video(4, kind="withdraw", id=video(1)["id"], hash=None, frames=None)
        store.apply(page(withdrawal))
        assert len(store.videos(bytes.fromhex(MD5))) == 1


def test_frames_are_kept_as_they_came(tmp_path: Path) -> None:
    """
    An index that is made anew is made from them.
    """
    with Store.create(tmp_path) as store:
        store.apply(page(video(1)))
    database = sqlite3.connect(tmp_path / "store.sqlite3")
    assert database.execute("SELECT frames FROM entries").fetchall() == [(FRAMES,)]
    database.close()


def test_store_of_version_2_is_brought_up_to_date(tmp_path: Path) -> None:
    """
    A list from before videos had frames stays, and takes them in from then on.
    """
    with Store.create(tmp_path) as store:
        store.apply(page(hostile_node.change(1), without_frames(2)))
        before = store.read()
    database = sqlite3.connect(tmp_path / "store.sqlite3")
    database.executescript(VERSION_2)
    database.close()
    with Store(tmp_path) as store:
        assert store.read() == before
        store.apply(page(video(3)))
        assert len(store.videos(bytes.fromhex(MD5))) == 2


@pytest.mark.parametrize("wrong", [video(1, frames=None), video(1, signal_type="video_md5")])
def test_frames_that_do_not_fit_the_type_are_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    """
    They belong to `vpdq` and to nothing else.
    """
    with Store.create(tmp_path) as store:
        with pytest.raises(WireError):
            store.apply(page(wrong))
        assert store.cursor == 0


VERSION_3 = """
DROP INDEX with_frames;
ALTER TABLE withdrawn DROP COLUMN frames;
ALTER TABLE progress DROP COLUMN hashes;
ALTER TABLE progress DROP COLUMN waiting_hashes;
PRAGMA user_version = 3;
"""
VERSION_2 = f"""
{VERSION_3}
ALTER TABLE entries RENAME TO newer;
DROP INDEX videos;
CREATE TABLE entries (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    signal_type TEXT NOT NULL CHECK (signal_type IN ('pdq', 'video_md5')),
    hash BLOB NOT NULL CHECK (length(hash) = CASE signal_type WHEN 'pdq' THEN 32 ELSE 16 END),
    provenance TEXT NOT NULL
);
CREATE INDEX videos ON entries (hash) WHERE signal_type = 'video_md5';
INSERT INTO entries SELECT key, id, signal_type, hash, provenance FROM newer;
DROP TABLE newer;
PRAGMA user_version = 2;
"""
