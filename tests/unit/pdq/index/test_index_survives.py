"""
What happens to an index from outside: a killed writer, a full disk, two writers, files of others.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tegenbeeld.errors import HashIndexError, IndexDamaged, IndexLocked
from tegenbeeld.pdq.index import HashIndex
from testing.near_hashes import random_words

WRITER = """if True:
    import sys
    from pathlib import Path
    import numpy as np
    from tegenbeeld.pdq.index import HashIndex

    words = np.random.default_rng(1).integers(0, 2**64, (30_000, 4), dtype=np.uint64)
    index = HashIndex.open(Path(sys.argv[1]), writable=True)
    print("open", flush=True)
    for step in range(index.cursor, 1_000):
        keys = np.arange(step * 25, step * 25 + 50, dtype=np.uint64)
        index.add(keys, words[keys])
        index.withdraw(keys[:10])
        index.flush(step + 1)
        index.merge_once()
"""
"""
Each step adds 25 new hashes, adds 25 again of which ten were withdrawn, and withdraws ten.
"""


def keys_after(steps: int) -> list[int]:
    """
    Give what `WRITER` lists after so many steps.
    """
    live: set[int] = set()
    for step in range(steps):
        live |= set(range(step * 25, step * 25 + 50))
        live -= set(range(step * 25, step * 25 + 10))
    return sorted(live)


@contextmanager
def writing(folder: Path, script: str = WRITER) -> Iterator[subprocess.Popen[bytes]]:
    """
    Run a writer in a process of its own, and come back when it has the index open.
    """
    command = [sys.executable, "-c", script, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"open\n"
        try:
            yield process
        finally:
            process.kill()


def test_writer_killed_at_any_moment_leaves_the_state_of_a_flush(tmp_path: Path) -> None:
    """
    A real process, killed 25 times while it adds, withdraws, flushes and merges.
    """
    words = random_words(30_000, seed=1)
    moments = random.Random(4)
    for _ in range(25):
        with writing(tmp_path) as process:
            time.sleep(moments.uniform(0, 0.12))
            process.send_signal(signal.SIGKILL)
        with HashIndex.open(tmp_path, writable=True) as index:
            index.verify()
            assert index.search_many(words).key.tolist() == keys_after(index.cursor)
            named = {entry.name for entry in index._folder.manifest.entries}  # type: ignore[union-attr]
            assert {path.name for path in tmp_path.glob("segment-*")} == named


def test_reader_follows_a_writer_that_flushes_and_merges(tmp_path: Path) -> None:
    """
    In another process, at full speed: each state that it sees is one that was flushed.
    """
    words = random_words(30_000, seed=1)
    with writing(tmp_path):
        reader = HashIndex.open(tmp_path)
        seen = set()
        end = time.monotonic() + 4
        while time.monotonic() < end and len(seen) < 60:
            reader.refresh()
            assert reader.search_many(words).key.tolist() == keys_after(reader.cursor)
            seen.add(reader.cursor)
    assert len(seen) > 5


def test_second_writer_in_another_process_waits_for_the_death_of_the_first(tmp_path: Path) -> None:
    """
    The lock goes with the process, however it ends.
    """
    with writing(tmp_path) as process:
        with pytest.raises(IndexLocked, match="Only one"):
            HashIndex.open(tmp_path, writable=True)
        process.kill()
        process.wait()
        HashIndex.open(tmp_path, writable=True).close()


def test_disk_without_room_is_said_and_loses_nothing(tmp_path: Path) -> None:
    """
    The system itself refuses: files of this process may not grow beyond 8 KiB for a while.
    """
    script = """if True:
        import resource, sys
        from pathlib import Path
        import numpy as np
        from tegenbeeld.errors import HashIndexError
        from tegenbeeld.pdq.index import HashIndex

        words = np.random.default_rng(1).integers(0, 2**64, (4_000, 4), dtype=np.uint64)
        keys = np.arange(4_000, dtype=np.uint64)
        index = HashIndex.open(Path(sys.argv[1]), writable=True)
        index.add(keys[:100], words[:100])
        index.flush(1)
        index.add(keys[100:200], words[100:200])
        index.flush(2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
        index.add(keys, words)
        for action in (lambda: index.flush(3), index.merge_once):
            try:
                action()
            except HashIndexError as error:
                assert "could not be written: File too large" in str(error), error
            else:
                raise AssertionError("written")
        assert index.search_many(words).key.tolist() == keys.tolist()
        files = {path.name for path in Path(sys.argv[1]).glob("*.tbx")}
        assert len(files) == 2, files
        print("open", flush=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        if len(sys.argv) > 2:
            raise SystemExit
        index.flush(4)
        index.merge_once()
        """
    command = [sys.executable, "-c", script, str(tmp_path)]
    subprocess.run([*command, "stop"], check=True)
    assert len(HashIndex.open(tmp_path)) == 200
    for path in tmp_path.iterdir():
        path.unlink()
    subprocess.run(command, check=True)
    reopened = HashIndex.open(tmp_path)
    reopened.verify()
    assert (reopened.cursor, len(reopened)) == (4, 4_000)


def _with_manifest(folder: Path, **changes: object) -> None:
    first, _, text = (folder / "MANIFEST").read_bytes().partition(b"\n")
    body = json.loads(text)
    body["entries"][0] |= changes.pop("entry", {})  # type: ignore[operator]
    body |= changes
    text = json.dumps(body).encode()
    head = b" ".join([*first.split()[:2], sha256(text).hexdigest().encode()])
    (folder / "MANIFEST").write_bytes(head + b"\n" + text)


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": {"name": "../victim"}},
        {"entry": {"dead": "../victim", "dead_sha256": "", "dead_rows": 1}},
        {"entry": {"name": "LOCK"}},
        {"entry": {"name": 7}},
        {"entry": {"colour": "red"}},
        {"entries": None},
        {"colour": "red"},
    ],
)
def test_manifest_that_names_other_files_is_refused_and_they_are_kept(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    """
    Its checksum fits: somebody made it so. A writer deletes what a manifest no longer names.
    """
    folder = tmp_path / "index"
    with HashIndex.open(folder, writable=True) as index:
        index.add(np.arange(9, dtype=np.uint64), random_words(9, seed=1))
        index.flush(1)
    (tmp_path / "victim").write_bytes(b"mine")
    _with_manifest(folder, **changes)
    for writable in (False, True):
        with pytest.raises(IndexDamaged):
            HashIndex.open(folder, writable=writable)
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_file_that_is_replaced_while_it_is_open_changes_nothing(tmp_path: Path) -> None:
    """
    A copy put in its place is another file; who has the old one mapped keeps it.
    """
    words = random_words(3_000, seed=1)
    with HashIndex.open(tmp_path, writable=True) as index:
        index.add(np.arange(3_000, dtype=np.uint64), words)
        index.flush(1)
    reader = HashIndex.open(tmp_path)
    path = next(tmp_path.glob("segment-*"))
    (tmp_path / "half").write_bytes(path.read_bytes()[:5_000])
    (tmp_path / "half").replace(path)
    assert len(reader.search_many(words).key) == 3_000
    with pytest.raises(IndexDamaged, match="bytes, not what its header says"):
        HashIndex.open(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    """
    In words, before anything is lost.
    """
    tmp_path.chmod(0o500)
    with pytest.raises(HashIndexError, match="cannot hold an index"):
        HashIndex.open(tmp_path, writable=True)
