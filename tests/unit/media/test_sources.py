"""
Bytes from memory and from disk.
"""

import os
from pathlib import Path

import pytest

from tegenbeeld.errors import EmptyFile, PictureTooLarge, UnreadableFile
from tegenbeeld.media import MAX_BYTES
from tegenbeeld.media.sources import read_bytes


def test_read_bytes_gives_the_content_of_a_file(tmp_path: Path) -> None:
    """
    A path and bytes are the same to what follows.
    """
    path = tmp_path / "picture"
    path.write_bytes(b"content")
    assert read_bytes(path) == read_bytes(b"content") == b"content"


def test_read_bytes_refuses_when_there_is_nothing(tmp_path: Path) -> None:
    """
    An empty file is told from one that is no picture.
    """
    path = tmp_path / "empty.jpg"
    path.touch()
    for source in (path, b""):
        with pytest.raises(EmptyFile, match="empty"):
            read_bytes(source)


def test_read_bytes_refuses_when_there_is_too_much(tmp_path: Path) -> None:
    """
    The limit is inclusive, and a file beyond it is not read to its end.
    """
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES)
    assert len(read_bytes(path)) == MAX_BYTES
    with path.open("ab") as file:
        file.truncate(1 << 40)
    with pytest.raises(PictureTooLarge, match="64 MB"):
        read_bytes(path)
    with pytest.raises(PictureTooLarge, match="64 MB"):
        read_bytes(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.jpg", "no file"), (".", "a folder"), ("nul\0byte", "could not be read")],
)
def test_read_bytes_refuses_when_path_is_no_file(tmp_path: Path, name: str, words: str) -> None:
    """
    The message says what is at the path.
    """
    with pytest.raises(UnreadableFile, match=words):
        read_bytes(tmp_path / name)


def test_read_bytes_does_not_wait_for_a_pipe(tmp_path: Path) -> None:
    """
    Opening a pipe that nobody writes to would never return.
    """
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with pytest.raises(UnreadableFile, match="not an ordinary file"):
        read_bytes(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_read_bytes_refuses_when_file_may_not_be_read(tmp_path: Path) -> None:
    """
    Missing permission is told from a missing file.
    """
    path = tmp_path / "private.jpg"
    path.write_bytes(b"content")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="permissions"):
        read_bytes(path)
