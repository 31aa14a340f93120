"""
The partner's commands, each in a process of its own.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PIL import Image

from tegenbeeld.kit import FeedbackValue
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.kit.videos import hash_video
from tegenbeeld.wire.video import encode_frames
from testing.listed import smaller
from testing.video_files import moving, sound, video

Picture = Callable[..., bytes]


def command(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """
    Run `tegenbeeld WORDS...` in *folder*.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tegenbeeld.cli", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert "Traceback" not in done.stderr
    return done


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """
    The objects that a command printed.
    """
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, picture: Picture) -> Path:
    """
    A folder with two good pictures and three files that are not.
    """
    (tmp_path / "one.png").write_bytes(picture(1))
    (tmp_path / "two.jpg").write_bytes(picture(2, format_="JPEG"))
    (tmp_path / "copy.jpg").write_bytes(picture(1, size=240, format_="JPEG"))
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "text.jpg").write_text("not a picture")
    Image.new("RGB", (300, 300), "teal").save(tmp_path / "flat.png")
    (tmp_path / "photos").mkdir()
    return tmp_path


@pytest.fixture
def credentials(folder: Path, exchange: InMemoryExchange) -> Iterator[str]:
    """
    The name of a file with credentials for *exchange*, which is served.
    """
    with served(exchange) as made:
        (folder / "keys.json").write_bytes(msgspec.json.encode(made))
        yield "keys.json"


def test_hash_when_the_pictures_are_good(folder: Path) -> None:
    """
    One line per picture, in order, with exactly the promised fields.
    """
    done = command(folder, "hash", "--exact", "one.png", "two.jpg")
    assert done.returncode == 0
    found = lines(done)
    assert [line["path"] for line in found] == ["one.png", "two.jpg"]
    for line in found:
        assert list(line) == ["path", "media", "algorithm", "hash", "quality"]
        assert (line["media"], line["algorithm"]) == ("image", "pdq")
        assert len(bytes.fromhex(line["hash"])) == 32
        assert 50 <= line["quality"] <= 100


def test_hash_when_some_files_are_bad(folder: Path) -> None:
    """
    Each bad file has a line that says why; the good ones are still hashed; exit code 1.
    """
    names = ["text.jpg", "one.png", "empty.jpg", "photos", "missing.png", "flat.png", "two.jpg"]
    done = command(folder, "hash", *names)
    assert done.returncode == 1
    found = lines(done)
    assert [line["path"] for line in found] == names
    assert ["hash" in line for line in found] == [False, True, False, False, False, False, True]
    for line in found:
        assert "hash" in line or (set(line) == {"path", "error"} and line["error"])
    assert "Name the files in it" in found[3]["error"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text on this system")
def test_hash_when_the_name_is_no_text(folder: Path, picture: Picture) -> None:
    """
    A file whose name is not UTF-8 is hashed, and its name survives the round trip.
    """
    name = os.fsdecode(b"caf\xe9.png")
    (folder / name).write_bytes(picture(3))
    done = command(folder, "hash", name)
    assert done.returncode == 0
    assert lines(done)[0]["path"] == name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_hash_when_the_file_never_ends(folder: Path) -> None:
    """
    A pipe is refused instead of waited for.
    """
    os.mkfifo(folder / "pipe")
    done = command(folder, "hash", "pipe")
    assert done.returncode == 1
    assert "not an ordinary file" in lines(done)[0]["error"]


def test_hash_when_the_reader_leaves(folder: Path) -> None:
    """
    `tegenbeeld hash … | head -1` ends quietly.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tegenbeeld.cli", "hash", *["one.png"] * 50],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=30) == 141


def test_match_when_given_a_list(folder: Path) -> None:
    """
    Queries are answered in order; ids are the paths of the list; error lines in it are skipped.
    """
    made = command(folder, "hash", "one.png", "empty.jpg", "two.jpg")
    (folder / "list.jsonl").write_text(made.stdout + "\n")
    hash_of_two = lines(made)[2]["hash"]
    done = command(
        folder, "match", "--list", "list.jsonl", "copy.jpg", "text.jpg", hash_of_two.upper()
    )
    assert done.returncode == 1
    copy, text, hash_ = lines(done)
    assert copy["path"] == "copy.jpg"
    assert [match["id"] for match in copy["matches"]] == ["one.png"]
    assert set(copy["matches"][0]) == {"id", "found", "distance", "view", "orientation"}
    assert text["path"] == "text.jpg"
    assert text["error"]
    assert hash_ == {
        "hash": hash_of_two,
        "matches": [
            {
                "id": "two.jpg",
                "found": "picture",
                "distance": 0,
                "view": "whole",
                "orientation": "original",
            }
        ],
    }


def test_match_when_nothing_matches(folder: Path) -> None:
    """
    No match is an empty list and exit code 0.
    """
    (folder / "list.jsonl").write_text(command(folder, "hash", "two.jpg").stdout)
    done = command(folder, "match", "--list", "list.jsonl", "one.png")
    assert done.returncode == 0
    assert lines(done) == [{"path": "one.png", "matches": []}]


def test_match_when_a_file_is_named_like_a_hash(folder: Path, picture: Picture) -> None:
    """
    A file that exists wins over a hash that is written the same.
    """
    name = "ab" * 32
    (folder / name).write_bytes(picture(1))
    (folder / "list.jsonl").write_text(command(folder, "hash", "one.png").stdout)
    (found,) = lines(command(folder, "match", "--list", "list.jsonl", name))
    assert found["path"] == name
    assert len(found["matches"]) == 1


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[]",
        '{"path": "x"}',
        '{"path": "x", "algorithm": "pdq", "hash": "12"}',
        '{"path": "x", "algorithm": "vpdq", "hash": "' + "5a" * 32 + '"}',
        '{"path": "x", "algorithm": "pdq", "hash": "' + "0" * 64 + '"}',
    ],
)
def test_match_when_a_line_of_the_list_is_bad(folder: Path, bad: str) -> None:
    """
    A bad line is named by its number, and nothing is matched.
    """
    good = command(folder, "hash", "two.jpg").stdout
    (folder / "list.jsonl").write_text(good + bad + "\n")
    done = command(folder, "match", "--list", "list.jsonl", "one.png")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Line 2 of list.jsonl" in done.stderr
    assert "tegenbeeld hash FILES > list.jsonl" in done.stderr
    # The words of the JSON reader say nothing to whoever made the list.
    assert not re.search(r"Expected `|Object |malformed|\$\.|\bstr\b", done.stderr)


@pytest.mark.parametrize(
    "almost", ["ab" * 31 + "a", "ab" * 32 + "\n", "ab" * 33, "g" * 64, "ab" * 12 + "a"]
)
def test_match_when_a_hash_is_not_whole(folder: Path, almost: str) -> None:
    """
    What can only be meant as a hash is told how many digits one has.
    """
    (folder / "list.jsonl").write_text(command(folder, "hash", "one.png").stdout)
    done = command(folder, "match", "--list", "list.jsonl", almost, "gone.jpg")
    assert done.returncode == 1
    found, gone = lines(done)
    assert found["path"] == almost
    assert "64 digits" in found["error"]
    assert f"{len(almost)} characters" in found["error"]
    assert gone["error"] == "There is no file at this path. Check how it is spelled."


@pytest.mark.parametrize(
    "words",
    [
        ["match", "one.png"],
        ["match", "--store", "s", "--list", "l", "one.png"],
        ["match", "--list", "missing", "one.png"],
        ["match", "--store", "missing", "one.png"],
        ["match", "--list", "x", "--max-distance", "32", "one.png"],
        ["match", "--list", "x", "--max-distance", "-1", "one.png"],
        ["match", "--list", "x", "--max-distance", "few", "one.png"],
        ["sync"],
        ["sync", "--store", "new"],
        ["sync", "--store", "new", "--credentials", "missing.json"],
        ["sync", "--store", "new", "--credentials", "text.jpg"],
        ["sync", "--store", "new", "--watch", "0"],
        ["sync", "--store", "new", "--watch", "nan"],
        ["feedback", "--store", "missing", "a" * 32, "blocked"],
        ["feedback", "--store", "missing", "abc", "blocked"],
        ["feedback", "--store", "missing", "a" * 32, "fine"],
        ["hash"],
        [],
        ["dance"],
    ],
)
def test_command_when_misused(folder: Path, words: list[str]) -> None:
    """
    A mistake is told on stderr, with exit code 2, and leaves nothing behind.
    """
    before = sorted(folder.iterdir())
    done = command(folder, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr
    assert sorted(folder.iterdir()) == before


def test_loop_when_run_from_the_command_line(
    folder: Path, exchange: InMemoryExchange, credentials: str
) -> None:
    """
    Sync, match, feedback, withdraw, sync: the whole loop of a partner.
    """
    (hashed,) = lines(command(folder, "hash", "one.png"))
    entry = exchange.add(hashed["hash"])
    first = command(folder, "sync", "--store", "list", "--credentials", credentials)
    assert first.returncode == 0, first.stderr
    assert lines(first) == [{"added": 1, "withdrawn": 0, "cursor": 1, "listed": 1, "refused": 0}]

    (found,) = lines(command(folder, "match", "--store", "list", "copy.jpg"))
    (match,) = found["matches"]
    assert (match["id"], match["provenance"]) == (entry, "test")

    said = command(folder, "feedback", "--store", "list", entry, "blocked")
    assert lines(said) == [{"id": entry, "value": "blocked", "recorded": 1}]
    assert exchange.feedback[-1].value is FeedbackValue.BLOCKED

    exchange.withdraw(entry)
    second = command(folder, "sync", "--store", "list")
    assert lines(second) == [{"added": 0, "withdrawn": 1, "cursor": 2, "listed": 0, "refused": 0}]
    assert exchange.acknowledgements == [1, 2]
    assert lines(command(folder, "match", "--store", "list", "copy.jpg"))[0]["matches"] == []


def test_match_when_the_list_holds_a_video(
    folder: Path, exchange: InMemoryExchange, credentials: str
) -> None:
    """
    A copy, a still and the MD5 of a video are found and say how; once withdrawn, none is.
    """
    clip = moving(8)
    hashed = hash_video(video(clip))
    (folder / "copy.mp4").write_bytes(video(smaller(clip), codec="mpeg4"))
    (folder / "other.mp4").write_bytes(video(moving(8, seed=3)))
    Image.fromarray(clip[40]).save(folder / "still.png")
    entry = exchange.add(hashed.md5, frames=encode_frames(hashed.frames))
    command(folder, "sync", "--store", "list", "--credentials", credentials)
    queries = ("copy.mp4", "still.png", hashed.md5, "other.mp4")
    done = command(folder, "match", "--store", "list", *queries)
    assert done.returncode == 0, done.stderr
    copy, still, file, other = (answer["matches"] for answer in lines(done))
    assert [match["id"] for match in (*copy, *still, *file)] == [entry] * 3
    assert (copy[0]["found"], still[0]["found"], file[0]["found"]) == ("video", "frame", "file")
    assert 0 < copy[0]["agreed"] <= copy[0]["compared"]
    assert still[0]["at_ms"] == 4000
    assert "at_ms" not in copy[0]
    assert other == []

    exchange.withdraw(entry)
    command(folder, "sync", "--store", "list")
    done = command(folder, "match", "--store", "list", *queries)
    assert [answer["matches"] for answer in lines(done)] == [[]] * 4


def test_feedback_when_the_id_is_unknown(
    folder: Path, exchange: InMemoryExchange, credentials: str
) -> None:
    """
    An id that is not on the list is told, with exit code 1.
    """
    command(folder, "sync", "--store", "list", "--credentials", credentials)
    done = command(folder, "feedback", "--store", "list", "f" * 32, "blocked")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no entry" in done.stderr
    assert exchange.feedback == []


def test_sync_when_the_key_is_refused(
    folder: Path, exchange: InMemoryExchange, credentials: str
) -> None:
    """
    Wrong keys: advice on stderr, exit code 2.
    """
    exchange.fail(status=403)
    done = command(folder, "sync", "--store", "list", "--credentials", credentials)
    assert (done.returncode, done.stdout) == (2, "")
    assert "new ones" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="ends the process with a signal")
def test_sync_when_watching(folder: Path, exchange: InMemoryExchange, credentials: str) -> None:
    """
    `--watch` prints a line whenever something changed, and ends quietly when interrupted.
    """
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "tegenbeeld.cli", "sync", "--store", "list"),
            *("--credentials", credentials, "--watch", "0.05"),
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # What runs in the background of a shell ignores the signal, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["listed"] == 0
    exchange.add("5a" * 32)
    assert json.loads(process.stdout.readline())["listed"] == 1
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (130, "")


def test_hash_when_there_are_videos(folder: Path) -> None:
    """
    A video gives the frame with the highest quality, all frames, and the MD5 of its file.
    """
    content = video(moving(3))
    (folder / "clip.mp4").write_bytes(content)
    (folder / "cut.mp4").write_bytes(video(moving(8), movflags="faststart")[:-9000])
    (folder / "sound.mp4").write_bytes(sound())
    done = command(folder, "hash", "one.png", "clip.mp4", "cut.mp4", "sound.mp4")
    assert done.returncode == 1
    picture, clip, cut, refused = lines(done)
    assert picture["media"] == "image"
    assert list(clip) == ["path", "media", "algorithm", "hash", "quality", "md5", "frames"]
    assert (clip["media"], clip["algorithm"]) == ("video", "vpdq")
    assert clip["md5"] == hashlib.md5(content, usedforsecurity=False).hexdigest()
    best = max(frame["quality"] for frame in clip["frames"])
    first = next(frame for frame in clip["frames"] if frame["quality"] == best)
    assert (clip["hash"], clip["quality"]) == (first["hash"], best)
    assert [list(frame) for frame in clip["frames"]] == [["hash", "quality", "at_ms"]] * 3
    assert [frame["at_ms"] for frame in clip["frames"]] == [0, 1000, 2000]
    assert cut["ending"] == "damaged"
    assert set(refused) == {"path", "error"}


def test_match_when_the_list_is_a_file_with_videos(folder: Path) -> None:
    """
    What `hash` printed is matched: a copy by its frames, the file itself by its MD5.
    """
    (folder / "clip.mp4").write_bytes(video(moving(4)))
    (folder / "copy.webm").write_bytes(video(moving(4), codec="libvpx", container="webm"))
    (folder / "other.mp4").write_bytes(video(moving(4, seed=2)))
    (folder / "list.jsonl").write_text(command(folder, "hash", "one.png", "clip.mp4").stdout)
    done = command(folder, "match", "--list", "list.jsonl", "clip.mp4", "copy.webm", "other.mp4")
    file, copy, other = lines(done)
    assert [(match["id"], match["found"]) for match in file["matches"]] == [("clip.mp4", "file")]
    assert [(match["id"], match["found"]) for match in copy["matches"]] == [("clip.mp4", "video")]
    assert other["matches"] == []
