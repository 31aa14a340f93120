"""
`tegenbeeld serve` as a platform runs it: a process, a socket, an exchange over another socket.
"""

import io
import json
import random
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import msgspec
import numpy as np
import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.kit import Store, sync
from tegenbeeld.kit.testing import InMemoryExchange, served
from tegenbeeld.kit.videos import hash_video
from tegenbeeld.wire.video import encode_frames
from testing.clips import even_times, make_clip, padded
from testing.described import DOCUMENT
from testing.listed import smaller
from testing.running_node import free_port, wait_until
from testing.running_sidecar import RunningSidecar, running_sidecar
from testing.video_files import moving, video

pytestmark = pytest.mark.service

MB = 1024 * 1024
QUICK = ("--sync-every", "0.1")


def hash_text(number: int) -> str:
    """
    Another hash for each number.
    """
    return random.Random(number).randbytes(32).hex()


@pytest.fixture
def exchange() -> InMemoryExchange:
    """
    An exchange that lists the hashes 0 to 9.
    """
    made = InMemoryExchange()
    for number in range(10):
        made.add(hash_text(number))
    return made


@pytest.fixture
def folder(tmp_path: Path, exchange: InMemoryExchange) -> Iterator[Path]:
    """
    A store with credentials of *exchange*, which is served; not synced yet.
    """
    with served(exchange) as credentials:
        with Store.create(tmp_path / "list") as store:
            store.save_credentials(credentials)
        yield tmp_path / "list"


def failed(*words: str) -> str:
    """
    Run `tegenbeeld serve WORDS`, which must refuse to start; what it says.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tegenbeeld", "serve", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    return done.stderr


def test_serve_when_the_list_changes(folder: Path, exchange: InMemoryExchange) -> None:
    """
    It fetches the list by itself, follows additions and withdrawals, and ends quietly.
    """
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        entry = exchange.add(hash_text(77))
        wait_until(lambda: sidecar.ask(hash_text(77)) == [[entry]])
        exchange.withdraw(entry)
        wait_until(lambda: sidecar.ask(hash_text(77)) == [[]])
        wait_until(lambda: max(exchange.acknowledgements) == 12)
        assert sidecar.stop() == 0
    events = [line["event"] for line in sidecar.log()]
    assert events[:3] == ["listening", "sandbox", "ready"]
    assert events[-1] == "stopped"
    assert set(events[3:-1]) == {"synced"}


def test_serve_when_a_change_arrives_is_quick(folder: Path, exchange: InMemoryExchange) -> None:
    """
    A change is matched within a second of the sync that brought it.
    """
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        for number in range(100, 105):
            exchange.add(hash_text(number))
            started = time.monotonic()
            while not sidecar.ask(hash_text(number))[0]:
                assert time.monotonic() - started < 1
                time.sleep(0.005)


def test_serve_when_asked_in_every_way(folder: Path, exchange: InMemoryExchange) -> None:
    """
    JSON, bytes, a picture as a body and in a form, and questions that are refused.
    """
    noise = np.random.default_rng(1).integers(0, 256, (12, 12, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((320, 320), Image.Resampling.BICUBIC)
    file = io.BytesIO()
    image.save(file, "JPEG")
    entry = exchange.add(pdq.hash_rgb(np.asarray(image)).hash.hex())
    raw = bytes.fromhex("".join(hash_text(number) for number in (3, 99)))
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        binary = sidecar.post(raw, "application/octet-stream")
        assert [len(some) for some in binary.json()["matches"]] == [1, 0]
        body = sidecar.post(file.getvalue(), "image/jpeg")
        assert body.json()["matches"][0]["id"] == entry
        form = sidecar.request("POST", "/v1/match", files={"file": ("a.jpg", file.getvalue())})
        assert form.json() == body.json()
        upside = io.BytesIO()
        image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(upside, "PNG")
        turned = sidecar.post(upside.getvalue(), "image/png")
        assert turned.json()["matches"][0]["orientation"] != "original"
        refused = [
            sidecar.post(b"{", "application/json"),
            sidecar.request("PUT", "/v1/match"),
            sidecar.post(bytes(2 * 1024 * 1024 + 32), "application/octet-stream"),
            sidecar.post(b"x", "text/plain"),
            sidecar.post(b"x", "image/png"),
            sidecar.post(raw[:-1], "application/octet-stream"),
            sidecar.post(raw, "application/octet-stream", params={"max_distance": "32"}),
            sidecar.post(raw, "application/octet-stream", headers={"Host": "evil.example"}),
        ]
        expected = [400, 405, 413, 415, 422, 422, 400, 403]
        assert [answer.status_code for answer in refused] == expected
        assert sidecar.ask(hash_text(3))[0]


def test_serve_when_asked_with_videos(folder: Path, exchange: InMemoryExchange) -> None:
    """
    A copy is found as a body, in a form and sent in pieces, and no longer once it is withdrawn.
    """
    clip = moving(8)
    hashed = hash_video(video(clip))
    entry = exchange.add(hashed.md5, frames=encode_frames(hashed.frames))
    copy = video(smaller(clip), codec="mpeg4")
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        body = sidecar.post(copy, "video/mp4")
        (match,) = body.json()["matches"]
        assert (match["id"], match["found"]) == (entry, "video")
        form = sidecar.request("POST", "/v1/match", files={"file": ("a.mp4", copy)})
        assert form.json() == body.json()
        kind = {"Content-Type": "video/mp4"}
        pieces = (copy[start : start + 1000] for start in range(0, len(copy), 1000))
        assert sidecar.client.post("/v1/match", content=pieces, headers=kind).json() == body.json()
        assert sidecar.post(video(moving(8, seed=5)), "video/mp4").json()["matches"] == []
        exchange.withdraw(entry)
        wait_until(lambda: not sidecar.post(copy, "video/mp4").json()["matches"])


def test_serve_when_a_video_is_large_keeps_it_out_of_memory(folder: Path, tmp_path: Path) -> None:
    """
    A file of 400 MB is taken in and looked at, and the process stays small.
    """
    large = padded(
        make_clip(tmp_path / "clip.mp4", even_times(3)), tmp_path / "large.mp4", 400 * MB
    )
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        sidecar.post((tmp_path / "clip.mp4").read_bytes(), "video/mp4")
        before = peak_memory(sidecar)
        with large.open("rb") as file:
            answer = sidecar.client.post(
                "/v1/match", content=file, headers={"Content-Type": "video/mp4"}, timeout=120
            )
        assert answer.json() == {"matches": [], "ending": "complete"}
        assert peak_memory(sidecar) - before < 100 * MB


def peak_memory(sidecar: RunningSidecar) -> int:
    """
    The most memory that a process of a sidecar has had, in bytes.
    """
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            text = status.read_text()
            is_child = f"\nPPid:\t{sidecar.process.pid}\n" in text
            if is_child and (peak := re.search(r"VmHWM:\s+(\d+) kB", text)):
                found = max(found, 1024 * int(peak[1]))
    assert found
    return found


def test_serve_when_the_body_is_sent_in_pieces(folder: Path) -> None:
    """
    A body whose length is not said is read up to the limit.
    """
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        kind = {"Content-Type": "application/octet-stream"}
        pieces = [bytes.fromhex(hash_text(number)) for number in (3, 4)]
        answer = sidecar.client.post("/v1/match", content=iter(pieces), headers=kind)
        assert [len(some) for some in answer.json()["matches"]] == [1, 1]
        endless = (bytes(1024 * 1024) for _ in range(4))
        answer = sidecar.client.post("/v1/match", content=endless, headers=kind)
        assert answer.status_code == 413
        assert sidecar.ask(hash_text(3))[0]


def test_serve_when_a_client_goes_away(folder: Path) -> None:
    """
    A body that breaks off, and bytes that are no HTTP, harm nobody else.
    """
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        start = b"POST /v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        for sent in (start + b"Content-Length: 100\r\n\r\n{", b"\0\1\2\r\n\r\n", start):
            for _ in range(20):
                with socket.create_connection(("127.0.0.1", sidecar.port)) as connection:
                    connection.sendall(sent)
        assert sidecar.ask(hash_text(3))[0]


def test_serve_when_hashes_and_addresses_are_asked_writes_neither(
    folder: Path, exchange: InMemoryExchange
) -> None:
    """
    Nothing of what was asked or answered is in the log, and nothing else is fetched.
    """
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        sidecar.ask(hash_text(55))
        sidecar.post(b"http://127.0.0.1/secret.jpg", "image/png")
        sidecar.post(json.dumps({"url": sidecar.url}).encode(), "application/json")
        sidecar.request("GET", "/nowhere/secret")
        sidecar.stop()
        text = json.dumps(sidecar.log())
    assert hash_text(55) not in text
    assert hash_text(3) not in text
    assert "secret" not in text
    assert exchange.credentials.key not in text
    assert set(exchange.requests) == {"GET /api/v1/changes", "POST /api/v1/acknowledgements"}


def test_serve_when_the_node_is_away(folder: Path, exchange: InMemoryExchange) -> None:
    """
    Matching goes on with what is there, the trouble is told, and the sync recovers.
    """
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        exchange.fail(status=401, times=3)
        wait_until(lambda: any(line["event"] == "trouble" for line in sidecar.log()))
        assert sidecar.ask(hash_text(3))[0]
        figures = sidecar.request("GET", "/metrics").text
        assert 'tegenbeeld_sync_failures_total{kind="NotAuthorised"}' in figures
        exchange.add(hash_text(50))
        wait_until(lambda: sidecar.ask(hash_text(50))[0])


def test_serve_when_killed_and_started_again(folder: Path, exchange: InMemoryExchange) -> None:
    """
    After a power cut the same answers come at once.
    """
    for _ in range(3):
        with running_sidecar(folder, *QUICK) as sidecar:
            wait_until(lambda sidecar=sidecar: sidecar.ask(hash_text(3))[0])
            exchange.add(hash_text(60))
            sidecar.kill()
    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(60))[0])
        assert all(sidecar.ask(*(hash_text(number) for number in range(10))))


def test_serve_when_another_process_syncs(folder: Path, exchange: InMemoryExchange) -> None:
    """
    With --no-sync it follows what another process writes; without, it does not write beside one.
    """
    with Store(folder) as store, exchange.client() as client:
        sync(store, client)
        with running_sidecar(folder, "--no-sync") as sidecar:
            assert sidecar.ask(hash_text(3))[0]
            exchange.add(hash_text(70))
            sync(store, client)
            wait_until(lambda: sidecar.ask(hash_text(70))[0])
            exchange.withdraw(f"{1:032x}")
            sync(store, client)
            wait_until(lambda: not sidecar.ask(hash_text(0))[0])
        assert "keeps the list" in failed("--store", str(folder), "--port", str(free_port()))


def test_serve_when_started_with_credentials(tmp_path: Path, exchange: InMemoryExchange) -> None:
    """
    The first start can take the credentials along.
    """
    with served(exchange) as credentials:
        (tmp_path / "keys.json").write_bytes(msgspec.json.encode(credentials))
        words = ("--credentials", str(tmp_path / "keys.json"), *QUICK)
        with running_sidecar(tmp_path / "list", *words) as sidecar:
            wait_until(lambda: sidecar.ask(hash_text(3))[0])


def test_serve_when_exposed(folder: Path, tmp_path: Path) -> None:
    """
    Where others can reach it, it does not start without a token, and asks for it.
    """
    store = ("--store", str(folder))
    assert "--token-file" in failed(*store, "--host", "0.0.0.0")
    for text in ("", "short", "two words that are long enough", "é" * 20):
        (tmp_path / "token").write_text(text)
        assert "openssl rand" in failed(*store, "--token-file", str(tmp_path / "token"))
    assert "cannot be read" in failed(*store, "--token-file", str(tmp_path / "missing"))
    (tmp_path / "token").write_text("a-long-enough-token\n")
    words = (*QUICK, "--token-file", str(tmp_path / "token"))
    with running_sidecar(folder, *words, host="0.0.0.0") as sidecar:
        assert sidecar.request("GET", "/metrics").status_code == 401
        assert sidecar.post(b"", "application/octet-stream").status_code == 401
        rights = {"Authorization": "Bearer a-long-enough-token", "Host": "matcher.internal"}
        answer = sidecar.post(b"", "application/octet-stream", headers=rights)
        assert answer.json() == {"matches": []}
        assert "a-long-enough-token" not in json.dumps(sidecar.log())


def test_serve_when_it_cannot_start(folder: Path, tmp_path: Path) -> None:
    """
    A taken port, a wrong address, no list, no credentials and a newer store: one sentence each.
    """
    store = ("--store", str(folder))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "Choose another" in failed(*store, "--port", str(taken.getsockname()[1]))
    port = ("--port", str(free_port()))
    assert "not an address" in failed(*store, *port, "--host", "no.such.host.invalid")
    assert "There is no list" in failed("--store", str(tmp_path / "none"), "--no-sync", *port)
    assert "credentials" in failed("--store", str(tmp_path / "none"), *port)
    database = sqlite3.connect(folder / "store.sqlite3")
    database.execute("PRAGMA user_version = 99")
    database.close()
    assert "version 99" in failed(*store, *port)


@pytest.mark.parametrize(
    "words",
    [["--port", "0"], ["--port", "x"], ["--sync-every", "nan"], ["--threads", "0"], ["--wrong"]],
)
def test_serve_when_an_argument_is_wrong(words: list[str]) -> None:
    """
    Arguments are checked before anything is opened.
    """
    assert "usage:" in failed("--store", "nowhere", *words)


def test_serve_when_stopped_answers_what_is_under_way(folder: Path) -> None:
    """
    Requests that were sent before the end get their answer or none, never half of one.
    """
    statuses: list[int] = []
    raw = bytes.fromhex(hash_text(3)) * 2000

    def ask(url: str) -> None:
        with httpx2.Client(trust_env=False, timeout=30) as client:
            kind = {"Content-Type": "application/octet-stream"}
            try:
                while True:
                    answer = client.post(f"{url}/v1/match", content=raw, headers=kind)
                    assert len(answer.json()["matches"]) == 2000
                    statuses.append(answer.status_code)
            except httpx2.TransportError:
                return

    with running_sidecar(folder, *QUICK) as sidecar:
        wait_until(lambda: sidecar.ask(hash_text(3))[0])
        threads = [threading.Thread(target=ask, args=(sidecar.url,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        assert sidecar.stop() == 0
        for thread in threads:
            thread.join()
    assert set(statuses) == {200}


def test_openapi_when_published_is_what_is_served(folder: Path) -> None:
    """
    The file in spec/ is the document that is served.

    Made with: python -m tegenbeeld.sidecar.openapi > spec/sidecar.json
    """
    published = Path(__file__).resolve().parents[3] / "spec" / "sidecar.json"
    with running_sidecar(folder, *QUICK) as sidecar:
        document = sidecar.request("GET", "/v1/openapi.json").json()
    assert json.loads(published.read_text()) == document == DOCUMENT
