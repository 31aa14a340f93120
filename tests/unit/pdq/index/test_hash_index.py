"""
The index as its callers use it.
"""

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tegenbeeld.errors import HashIndexError, IndexDamaged, IndexLocked, InvalidHash, ShapeError
from tegenbeeld.pdq.index import HashIndex, kernel, manifest
from tegenbeeld.pdq.index.folder import Folder
from tegenbeeld.pdq.index.segment import Segment
from testing.near_hashes import random_words


def numbered(count: int, *, first: int = 0) -> np.ndarray:
    """
    Give keys.
    """
    return np.arange(first, first + count, dtype=np.uint64)


def text_of(words: np.ndarray) -> str:
    """
    Write one hash.
    """
    return words.astype(">u8").tobytes().hex()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """
    Give a place that is not there yet.
    """
    return tmp_path / "deep" / "index"


@pytest.fixture
def listed(folder: Path) -> np.ndarray:
    """
    Flush 300 hashes, with key 7 withdrawn.
    """
    words = random_words(300, seed=1)
    with HashIndex.open(folder, writable=True) as index:
        index.add(numbered(300), words)
        index.flush(1)
        index.withdraw(np.array([7], np.uint64))
        index.flush(42)
    return words


@pytest.mark.parametrize("count", [0, 1])
def test_index_of_none_or_one_answers(count: int) -> None:
    """
    An empty list matches nothing, a list of one only that.
    """
    words = random_words(1, seed=1)
    index = HashIndex.in_memory()
    index.add(numbered(count), words[:count])
    assert len(index) == count
    assert index.search_hex(text_of(words[0])) == [(0, 0)] * count
    assert len(index.search(words[0]).key) == count
    assert len(index.search_many(words[:0]).key) == 0
    index.withdraw(numbered(5))
    assert index.search_hex(text_of(words[0])) == []


def test_eight_orientations_give_what_eight_queries_give() -> None:
    """
    In the order of the orientations.
    """
    words = random_words(2000, seed=1)
    index = HashIndex.in_memory()
    index.add(numbered(2000), words)
    found = index.search_orientations(words[40:48])
    assert found.query.tolist() == list(range(8))
    assert found.key.tolist() == list(range(40, 48))


@pytest.mark.parametrize("max_distance", [-1, 32, 2**70, True])
def test_distance_outside_0_to_31_is_refused(max_distance: int) -> None:
    """
    The index is exact for these only.
    """
    index = HashIndex.in_memory()
    words = random_words(8, seed=1)
    with pytest.raises(ValueError, match="0 to 31"):
        index.search_many(words, max_distance=max_distance)
    with pytest.raises(ValueError, match="0 to 31"):
        index.search_hex("0" * 64, max_distance)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0" * 63,
        "0" * 65,
        "0" * 64 + "\n",
        "A" * 64,
        "g" + "0" * 63,
        "é" * 32,
        "\ud800",
        " " * 64,
    ],
)
def test_text_that_is_no_hash_is_refused(text: str) -> None:
    """
    64 lower-case digits and nothing else.
    """
    with pytest.raises(InvalidHash):
        HashIndex.in_memory().search_hex(text)


def test_arrays_of_another_kind_are_refused() -> None:
    """
    Shape and type are checked before the kernel sees them.
    """
    index = HashIndex.in_memory()
    words = random_words(8, seed=1)
    for wrong in (words.astype(np.int64), words[:, :3], words.reshape(-1)):
        with pytest.raises(ShapeError):
            index.search_many(wrong)
        with pytest.raises(ShapeError):
            index.add(numbered(8), wrong)
    with pytest.raises(ShapeError):
        index.search(words)
    with pytest.raises(ShapeError):
        index.search_orientations(words[:7])
    with pytest.raises(ShapeError):
        index.add(numbered(7), words)
    with pytest.raises(ShapeError):
        index.withdraw(np.arange(3))


def test_arrays_that_lie_apart_in_memory_are_taken() -> None:
    """
    Every second row of another array, or its rows backwards.
    """
    words = random_words(40, seed=1)
    index = HashIndex.in_memory()
    index.add(numbered(40)[::-1], words[::-1])
    assert index.search_many(words[::2]).key.tolist() == list(range(0, 40, 2))


def test_reopened_index_holds_what_was_flushed(folder: Path, listed: np.ndarray) -> None:
    """
    Hashes, withdrawals and cursor; not what came after the last flush.
    """
    with HashIndex.open(folder, writable=True) as index:
        index.add(numbered(5, first=1000), random_words(5, seed=9))
    index = HashIndex.open(folder)
    assert (len(index), index.cursor) == (299, 42)
    assert index.search_many(listed).key.tolist() == [key for key in range(300) if key != 7]


def test_second_writer_is_refused_and_readers_are_not(folder: Path, listed: np.ndarray) -> None:
    """
    One writes, any number read; after it closes another may write.
    """
    with HashIndex.open(folder, writable=True):
        with pytest.raises(IndexLocked, match="Only one"):
            HashIndex.open(folder, writable=True)
        assert len(HashIndex.open(folder)) == len(listed) - 1
    HashIndex.open(folder, writable=True).close()


def test_reader_cannot_write(folder: Path, listed: np.ndarray) -> None:
    """
    It says so, and goes on.
    """
    reader = HashIndex.open(folder)
    with pytest.raises(HashIndexError, match="not open for writing"):
        reader.flush(1)
    with pytest.raises(HashIndexError, match="not open for writing"):
        reader.merge_once()
    assert len(reader) == len(listed) - 1


def test_no_index_and_no_folder_are_told_apart_from_damage(tmp_path: Path) -> None:
    """
    A reader makes no index; a file is no folder.
    """
    with pytest.raises(HashIndexError, match="no index"):
        HashIndex.open(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(HashIndexError, match="cannot hold"):
        HashIndex.open(tmp_path / "file", writable=True)


def test_equal_hashes_under_several_keys_are_all_found() -> None:
    """
    Also where some are new and others are not.
    """
    words = np.repeat(random_words(1, seed=1), 3000, axis=0)
    index = HashIndex.in_memory()
    index.add(numbered(2990), words[:2990])
    index.add(numbered(10, first=2990), words[2990:])
    assert index.search(words[0]).key.tolist() == list(range(3000))


def test_searches_see_each_key_once_while_others_write(folder: Path) -> None:
    """
    A key that gets a new hash is never missing and never there twice; nothing waits.
    """
    centre = random_words(1, seed=1)
    near = centre ^ np.array([[1, 0, 0, 0]], np.uint64)
    index = HashIndex.open(folder, writable=True)
    index.add(numbered(3000), np.repeat(centre, 3000, axis=0))
    index.flush(1)
    done = threading.Event()
    faults: list[object] = []

    def write() -> None:
        for turn in range(60):
            one = (centre, near)[turn % 2]
            index.add(numbered(50, first=turn * 7), np.repeat(one, 50, axis=0))
            index.flush(turn)
        done.set()

    def merge() -> None:
        while not done.is_set():
            index.merge_once()

    def search() -> None:
        while not done.is_set():
            keys = np.sort(index.search(centre[0]).key)
            if keys.tolist() != list(range(3000)):
                faults.append(keys)

    with ThreadPoolExecutor() as pool:
        for running in [pool.submit(action) for action in (write, merge, search)]:
            running.result()
    index.close()
    assert not faults


def test_full_disk_leaves_the_index_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The flush fails with words; the next one, with room, writes all.
    """
    words = random_words(200, seed=1)
    index = HashIndex.open(folder, writable=True)
    index.add(numbered(200), words)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.pwrite", full)
        with pytest.raises(HashIndexError, match="No space left"):
            index.flush(1)
    with monkeypatch.context() as patch:
        patch.setattr(manifest.Manifest, "encode", full)
        with pytest.raises(HashIndexError, match="No space left"):
            index.flush(1)
    assert len(index.search_many(words).key) == 200
    assert {path.name for path in folder.iterdir()} == {"LOCK", "MANIFEST"}
    index.flush(2)
    index.close()
    assert len(HashIndex.open(folder)) == 200


def test_merging_leaves_few_files_and_all_hashes(folder: Path) -> None:
    """
    Forty flushes of fifty hashes end in a handful of segments.
    """
    words = random_words(2000, seed=1)
    with HashIndex.open(folder, writable=True) as index:
        for turn in range(40):
            rows = slice(turn * 50, turn * 50 + 50)
            index.add(numbered(50, first=turn * 50), words[rows])
            index.flush(turn)
        while index.merge_once():
            pass
        assert len(list(folder.glob("segment-*"))) <= 4
        assert index.search_many(words).key.tolist() == list(range(2000))


@pytest.mark.parametrize("name", ["MANIFEST", "segment", "withdrawn"])
@pytest.mark.parametrize("harm", ["cut", "empty", "longer", "missing", "first byte"])
@pytest.mark.usefixtures("listed")
def test_damaged_files_are_refused(folder: Path, name: str, harm: str) -> None:
    """
    Whatever file and whatever happened to it: an error that says to build again.
    """
    path = next(folder.glob(f"{name}*"))
    data = path.read_bytes()
    changed = {
        "cut": data[: len(data) // 2],
        "empty": b"",
        "longer": data + b"\0",
        "first byte": bytes([data[0] ^ 1]) + data[1:],
    }
    path.unlink()
    if harm != "missing":
        path.write_bytes(changed[harm])
    with pytest.raises(HashIndexError) as caught:
        HashIndex.open(folder)
    assert isinstance(caught.value, IndexDamaged) or (name, harm) == ("MANIFEST", "missing")


@pytest.mark.usefixtures("listed")
def test_newer_versions_are_refused(folder: Path) -> None:
    """
    The message names both versions.
    """
    manifest = folder / "MANIFEST"
    data = manifest.read_bytes()
    manifest.write_bytes(data.replace(b"tegenbeeld-index 1 ", b"tegenbeeld-index 2 "))
    with pytest.raises(IndexDamaged, match=r"version 2; this is 1"):
        HashIndex.open(folder)
    manifest.write_bytes(data)
    segment = next(folder.glob("segment-*"))
    page = bytearray(segment.read_bytes())
    page[8] = 2
    segment.write_bytes(page)
    with pytest.raises(IndexDamaged, match=r"version 2; this is 1"):
        HashIndex.open(folder)


def test_segment_of_another_index_is_refused(tmp_path: Path, folder: Path) -> None:
    """
    A whole file of the same size in the wrong place.
    """
    for place, seed in ((folder, 1), (tmp_path / "other", 2)):
        with HashIndex.open(place, writable=True) as index:
            index.add(numbered(50), random_words(50, seed=seed))
            index.flush(1)
    other = next((tmp_path / "other").glob("segment-*"))
    other.replace(next(folder.glob("segment-*")))
    with pytest.raises(IndexDamaged, match="another index"):
        HashIndex.open(folder)


def test_no_changed_byte_goes_unseen_or_crashes(folder: Path, listed: np.ndarray) -> None:
    """
    Opening checks headers only; `verify` finds the rest, and a search never reads outside.
    """
    path = next(folder.glob("segment-*"))
    data = path.read_bytes()
    rng = np.random.default_rng(1)
    for place in rng.integers(4096, len(data) - 64, 150):
        page = bytearray(data)
        page[place : place + 4] = bytes(b ^ 255 for b in page[place : place + 4])
        # A new file: the old one may still be mapped.
        path.unlink()
        path.write_bytes(page)
        index = HashIndex.open(folder)
        try:
            index.search_many(listed)
            index.search_hex(text_of(listed[5]))
        except IndexDamaged:
            continue
        if not _is_padding(index, int(place)):
            with pytest.raises(IndexDamaged):
                index.verify()


def _is_padding(index: HashIndex, place: int) -> bool:
    sections = index._state.disk[0].search.sections
    return not any(s.offset <= place + i < s.offset + s.length for s in sections for i in range(4))


def test_reader_follows_a_rebuilt_index(folder: Path, listed: np.ndarray) -> None:
    """
    Deleted and built anew while a reader has the old one open.
    """
    reader = HashIndex.open(folder)
    for path in folder.iterdir():
        path.unlink()
    with HashIndex.open(folder, writable=True) as index:
        index.add(numbered(3), listed[:3])
        index.flush(1)
        index.flush(2)
    assert reader.refresh()
    assert reader.search_many(listed).key.tolist() == [0, 1, 2]
    assert not reader.refresh()


def test_what_a_reader_took_in_itself_survives_a_refresh(folder: Path, listed: np.ndarray) -> None:
    """
    It is ahead of the writer: its additions and withdrawals stay, also those of keys flushed later.
    """
    extra = random_words(5, seed=5)
    reader = HashIndex.open(folder)
    reader.add(numbered(5, first=900), extra)
    reader.withdraw(np.array([3, 902], np.uint64))
    reader.add(np.array([4], np.uint64), extra[4:])
    with HashIndex.open(folder, writable=True) as index:
        index.add(numbered(3, first=900), extra[:3])
        index.flush(50)
    assert reader.refresh()
    assert reader.search_many(extra).key.tolist() == [900, 901, 903, 4, 904]
    assert reader.search_many(listed[3:6]).key.tolist() == [5]


def test_reader_that_withdrew_a_key_shows_it_when_the_writer_lists_it_again(
    folder: Path, listed: np.ndarray
) -> None:
    """
    What a reader withdrew is forgotten once the writer has withdrawn it too, and not before.
    """
    key = np.array([3], np.uint64)
    reader = HashIndex.open(folder)
    reader.withdraw(key)
    with HashIndex.open(folder, writable=True) as index:
        index.flush(43)
        reader.refresh()
        assert not reader.search_many(listed[3:4]).key.tolist()
        index.withdraw(key)
        index.flush(44)
        reader.refresh()
        index.add(key, listed[3:4])
        index.flush(45)
    assert reader.refresh()
    assert reader.search_many(listed[3:4]).key.tolist() == [3]


def test_key_that_a_reader_withdrew_before_the_writer_listed_it_stays_withdrawn(
    folder: Path, listed: np.ndarray
) -> None:
    """
    The writer is far behind: it flushes other things first.
    """
    key, words = np.array([900], np.uint64), random_words(1, seed=5)
    reader = HashIndex.open(folder)
    reader.add(key, words)
    reader.withdraw(key)
    with HashIndex.open(folder, writable=True) as index:
        for cursor in (43, 44):
            index.add(numbered(1, first=cursor * 100), listed[:1])
            index.flush(cursor)
            assert reader.refresh()
        index.add(key, words)
        index.flush(45)
    assert reader.refresh()
    assert not reader.search_many(words).key.tolist()


def test_merge_commits_what_was_flushed_and_nothing_more(folder: Path) -> None:
    """
    Its state has the cursor of the last flush, so it must hold what was withdrawn after that.
    """
    words = random_words(200, seed=1)
    with HashIndex.open(folder, writable=True) as index:
        for cursor in (1, 2):
            rows = slice(cursor * 100 - 100, cursor * 100)
            index.add(numbered(100, first=rows.start), words[rows])
            index.flush(cursor)
        index.withdraw(numbered(30))
        assert index.merge_once()
        assert len(index) == 170
    index = HashIndex.open(folder)
    assert (index.cursor, len(index)) == (2, 200)


def test_opening_looks_again_when_the_writer_goes_on_meanwhile(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The manifest was read, and then a merge deleted the files that it names.
    """
    words = random_words(200, seed=1)
    writer = HashIndex.open(folder, writable=True)
    for cursor in (1, 2):
        rows = slice(cursor * 100 - 100, cursor * 100)
        writer.add(numbered(100, first=rows.start), words[rows])
        writer.flush(cursor)
    real = Folder.load_latest

    def too_late(self: Folder, known: dict[str, Segment]) -> list[Segment]:
        assert writer.merge_once()
        return real(self, known)

    monkeypatch.setattr(Folder, "load_latest", too_late)
    assert len(HashIndex.open(folder).search_many(words).key) == 200
    writer.close()


def test_reader_keeps_serving_when_a_refresh_fails(folder: Path, listed: np.ndarray) -> None:
    """
    And says so each time until the index is whole again.
    """
    reader = HashIndex.open(folder)
    with HashIndex.open(folder, writable=True) as index:
        index.add(numbered(5, first=900), random_words(5, seed=5))
        index.flush(50)
    newest = max(folder.glob("segment-*"), key=lambda path: path.stat().st_mtime_ns)
    newest.unlink()
    for _ in range(2):
        with pytest.raises(IndexDamaged, match="missing"):
            reader.refresh()
        assert len(reader.search_many(listed).key) == 299


def test_missing_kernel_is_said_once_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    `required` makes it an error, `none` takes the reference without a word.
    """
    monkeypatch.setitem(__import__("sys").modules, "tegenbeeld.pdq._kernel", None)
    monkeypatch.delattr("tegenbeeld.pdq._kernel", raising=False)
    monkeypatch.setenv("TEGENBEELD_KERNEL", "required")
    with pytest.raises(HashIndexError, match="C compiler"):
        kernel.load()
    monkeypatch.setenv("TEGENBEELD_KERNEL", "")
    with pytest.warns(RuntimeWarning, match="hundred times slower"):
        assert isinstance(kernel.load(), kernel.Reference)
    monkeypatch.setenv("TEGENBEELD_KERNEL", "none")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(kernel.load(), kernel.Reference)
