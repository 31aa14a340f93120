"""
How much the sidecar answers: requests and hashes per second, waiting times, memory.

    python bench/sidecar.py [--size 1M] [--hashes 64] [--seconds 10] [--minutes 0] [--json]

Starts the real `tegenbeeld serve` over a list of random hashes, on one core, and asks it over
loopback from another, with wrk where that is installed. One hash in a hundred matches. Then the
same while a node sends changes, how long an answer takes when there is less to do than it could,
and how long a change takes to be matched. With `--minutes 10` the
last part goes on so long, and the memory of the process is followed. With `--json` the last line is
one JSON object.
"""

import argparse
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from tegenbeeld.kit import Credentials, Provenance, SignalType, Store
from tegenbeeld.kit.index_keeper import IndexKeeper
from tegenbeeld.wire.native import (
    MAX_PAGE,
    Acknowledgement,
    Change,
    ChangeKind,
    ChangePage,
    StopnciiKeys,
    decode,
    encode,
)

QUESTIONS = 200
"""Different questions, asked in turn, so that the processor's cache knows none of them."""

SYNC_EVERY_S = 0.5

LISTED_FOR = 100_000
"""Changes from an addition to its withdrawal. So the list keeps its length."""

LUA = """
local questions = {}
for line in io.lines("QUESTIONS") do
  if "TYPE" == "application/octet-stream" then
    line = line:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end)
  end
  table.insert(questions, line)
end
local number = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "TYPE"
request = function()
  number = number % #questions + 1
  return wrk.format(nil, "/v1/match", nil, questions[number])
end
"""

TYPES = {"json": "application/json", "binary": "application/octet-stream"}


def sizes(text: str) -> int:
    """
    Read 100k, 1M or a plain number.
    """
    factor = {"k": 1000, "M": 1_000_000}.get(text[-1:], 1)
    return int(text.rstrip("kM")) * factor


def hashes(first: int, count: int) -> list[str]:
    """
    Give the hashes of the entries *first* and following; always the same.
    """
    rows = np.random.default_rng(first).bytes(32 * count).hex()
    return [rows[64 * row : 64 * row + 64] for row in range(count)]


def added(seq: int, hash_: str) -> Change:
    """
    Give the change that lists a hash.
    """
    return Change(
        seq=seq,
        kind=ChangeKind.ADD,
        id=f"{seq:032x}",
        signal_type=SignalType.PDQ,
        hash=hash_,
        quality=100,
        provenance=Provenance.SYNTHETIC,
    )


class Feed:
    """
    A node whose log grows steadily: by turns an addition, and the withdrawal of an older one.

    Attributes:
        rate: Changes per second from `begin` on.
        newest: The last hash that was added, and when it was given out.
    """

    def __init__(self, head: int) -> None:
        self.rate = 0
        self.newest = ("", 0.0)
        self._start = head
        self._began = time.monotonic()

    def begin(self, rate: int) -> None:
        """
        Let the log grow from now on.
        """
        self._began, self.rate = time.monotonic(), rate

    def page(self, after: int) -> ChangePage:
        """
        Give what came after a place.
        """
        head = self._start + int(self.rate * (time.monotonic() - self._began))
        last = min(head, after + MAX_PAGE)
        changes = [self._change(seq) for seq in range(after + 1, last + 1)]
        return ChangePage(changes=changes, next=last, head=max(head, after), more=last < head)

    def _change(self, seq: int) -> Change:
        if seq % 2 == 0:
            return Change(
                seq=seq,
                kind=ChangeKind.WITHDRAW,
                id=f"{seq - LISTED_FOR - 1:032x}",
                signal_type=SignalType.PDQ,
                hash=None,
                quality=None,
                provenance=Provenance.SYNTHETIC,
            )
        self.newest = (secrets.token_hex(32), time.monotonic())
        return added(seq, self.newest[0])


@contextmanager
def served(feed: Feed) -> Iterator[str]:
    """
    Serve a feed on a free port; its address.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            after = int(parse_qs(urlsplit(self.path).query)["after"][0])
            self._send(encode(feed.page(after)))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(encode(decode(body, Acknowledgement)))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

        def _send(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def make_store(folder: Path, size: int, node: str) -> None:
    """
    Make a list of random hashes with its index.
    """
    with Store.create(folder) as store:
        keys = StopnciiKeys(base_url=node, subscription_key="", function_keys={})
        store.save_credentials(
            Credentials(partner="bench", state="live", node=node, key="bench", stopncii=keys)
        )
        for first in range(0, size, MAX_PAGE):
            some = hashes(first, min(MAX_PAGE, size - first))
            changes = [added(first + row + 1, hash_) for row, hash_ in enumerate(some)]
            last = first + len(some)
            store.apply(ChangePage(changes=changes, next=last, head=last, more=False))
        store.record_acknowledged(size)
        IndexKeeper(store).keep(at=time.time())


def make_questions(folder: Path, size: int, count: int) -> None:
    """
    Write questions as lines of hexadecimal digits; one hash in a hundred is on the list.
    """
    rng = np.random.default_rng(7)
    lines = []
    for _ in range(QUESTIONS):
        some = [rng.bytes(32).hex() for _ in range(count)]
        for row in np.flatnonzero(rng.random(count) < 0.01):
            first = int(rng.integers(0, size // MAX_PAGE)) * MAX_PAGE
            known = int(hashes(first, MAX_PAGE)[int(rng.integers(MAX_PAGE))], 16)
            for bit in rng.choice(256, int(rng.integers(0, 32)), replace=False).tolist():
                known ^= 1 << bit
            some[row] = f"{known:064x}"
        lines.append(some)
    (folder / "binary").write_text("\n".join("".join(some) for some in lines) + "\n")
    texts = (json.dumps({"hashes": some}, separators=(",", ":")) for some in lines)
    (folder / "json").write_text("\n".join(texts) + "\n")


class Sidecar:
    """
    The process that is measured, on the first core.
    """

    def __init__(self, store: Path, threads: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        command = [
            *(sys.executable, "-m", "tegenbeeld", "serve", "--store", str(store)),
            *("--port", str(self.port), "--sync-every", str(SYNC_EVERY_S)),
            *("--threads", str(threads)),
        ]
        self._process = subprocess.Popen(
            pinned(command, core=0), stderr=subprocess.DEVNULL, start_new_session=True
        )
        started = time.monotonic()
        while not self._is_ready():
            if time.monotonic() - started > 120:
                raise TimeoutError("The sidecar is not ready after two minutes.")
            time.sleep(0.01)
        self.ready_after_s = time.monotonic() - started

    def stop(self) -> None:
        """
        End it.
        """
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(60)

    def figure(self, name: str) -> float:
        """
        Read one of its own figures.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else float("nan")

    def is_matched(self, connection: http.client.HTTPConnection, hash_: str) -> bool:
        """
        Ask for one hash.
        """
        body = json.dumps({"hashes": [hash_]})
        connection.request("POST", "/v1/match", body, {"Content-Type": "application/json"})
        return bool(json.loads(connection.getresponse().read())["matches"][0])

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError("The sidecar did not start.")
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def pinned(command: list[str], *, core: int) -> list[str]:
    """
    Run a command on one core, where that can be said.
    """
    if shutil.which("taskset") and (os.cpu_count() or 1) > 1:
        return ["taskset", "-c", str(core), *command]
    return command


def load(
    sidecar: Sidecar, folder: Path, kind: str, *, seconds: float, connections: int
) -> dict[str, float]:
    """
    Ask as fast as it answers, from the second core.
    """
    if shutil.which("wrk"):
        return _load_with_wrk(sidecar, folder, kind, seconds=seconds, connections=connections)
    return _load_in_python(sidecar, folder, kind, seconds=seconds)


def _load_with_wrk(
    sidecar: Sidecar, folder: Path, kind: str, *, seconds: float, connections: int
) -> dict[str, float]:
    path = folder / f"{kind}.lua"
    path.write_text(LUA.replace("QUESTIONS", str(folder / kind)).replace("TYPE", TYPES[kind]))
    done = subprocess.run(
        pinned(
            [
                *("wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--latency"),
                *("-s", str(path), f"http://127.0.0.1:{sidecar.port}"),
            ],
            core=1,
        ),
        capture_output=True,
        text=True,
        check=True,
    )
    found = {
        "requests_per_s": float(_found(r"Requests/sec: +(\S+)", done.stdout)),
        "p50_ms": _milliseconds(_found(r"^ +50% +(\S+)", done.stdout)),
        "p99_ms": _milliseconds(_found(r"^ +99% +(\S+)", done.stdout)),
    }
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"Some answers were errors:\n{done.stdout}")
    return found


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise RuntimeError(f"wrk printed something else:\n{text}")
    return match[1]


def _milliseconds(text: str) -> float:
    number, unit = _found(r"^([\d.]+)", text), _found(r"([a-z]+)$", text)
    return round(float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], 3)


def _load_in_python(
    sidecar: Sidecar, folder: Path, kind: str, *, seconds: float
) -> dict[str, float]:
    """
    Ask over one connection. The client is slower than the server: a lower bound.
    """
    lines = (folder / kind).read_text().splitlines()
    bodies = [line.encode() if kind == "json" else bytes.fromhex(line) for line in lines]
    headers = {"Content-Type": TYPES[kind]}
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=60)
    waits: list[float] = []
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        started = time.perf_counter()
        connection.request("POST", "/v1/match", bodies[len(waits) % QUESTIONS], headers)
        connection.getresponse().read()
        waits.append(1000 * (time.perf_counter() - started))
    cuts = statistics.quantiles(waits, n=100)
    return {
        "requests_per_s": len(waits) / seconds,
        "p50_ms": round(cuts[49], 3),
        "p99_ms": round(cuts[98], 3),
    }


def paced(sidecar: Sidecar, folder: Path, *, rate: float, seconds: float) -> dict[str, float]:
    """
    Ask steadily over two connections; a wait counts from when the question was due.
    """
    bodies = [line.encode() for line in (folder / "json").read_text().splitlines()]
    waits: list[float] = []
    begins_at = time.monotonic() + 0.1

    def ask(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=60)
        for number in range(first, int(rate * seconds), 2):
            due = begins_at + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            headers = {"Content-Type": TYPES["json"]}
            connection.request("POST", "/v1/match", bodies[number % QUESTIONS], headers)
            connection.getresponse().read()
            waits.append(1000 * (time.monotonic() - due))

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(waits, n=100)
    return {
        "requests_per_s": rate,
        "p50_ms": round(cuts[49], 2),
        "p99_ms": round(cuts[98], 2),
        "most_ms": round(max(waits), 2),
    }


def change_to_match(sidecar: Sidecar, feed: Feed, *, times: int) -> list[float]:
    """
    Time from giving a change out until it is matched, in seconds.
    """
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=60)
    found = []
    for _ in range(times):
        before = feed.newest
        while feed.newest is before:
            time.sleep(0.0005)
        hash_, sent_at = feed.newest
        while not sidecar.is_matched(connection, hash_):
            time.sleep(0.0005)
        found.append(time.monotonic() - sent_at)
    return found


def main() -> None:
    """
    Measure and print the figures.
    """
    parser = argparse.ArgumentParser(description="Measure the sidecar.")
    parser.add_argument("--size", type=sizes, default=1_000_000, help="hashes on the list")
    parser.add_argument("--hashes", type=int, default=64, help="hashes in a request")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--threads", type=int, default=64, help="of the sidecar")
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement")
    parser.add_argument("--minutes", type=float, default=0, help="to follow the memory for")
    parser.add_argument("--rate", type=float, default=200, help="requests per second when paced")
    parser.add_argument("--changes", type=int, default=1000, help="changes per second")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        report = measure(Path(place), options)
    if options.json:
        print(json.dumps({"bench": "sidecar", **report}))


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """
    Take all measurements.
    """
    feed = Feed(options.size)
    report: dict[str, Any] = {"size": options.size, "hashes_per_request": options.hashes}
    with served(feed) as node:
        make_store(folder / "list", options.size, node)
        make_questions(folder, options.size, options.hashes)
        sidecar = Sidecar(folder / "list", options.threads)
        try:
            report["ready_s"] = round(sidecar.ready_after_s, 2)
            load(sidecar, folder, "json", seconds=2, connections=options.connections)
            for kind in ("json", "binary"):
                report[kind] = told(kind, _measured(sidecar, folder, kind, options), options)
            feed.begin(options.changes)
            time.sleep(2)
            report["while_changing"] = told(
                "changing", _measured(sidecar, folder, "json", options), options
            )
            report["paced_while_changing"] = paced(
                sidecar, folder, rate=options.rate, seconds=options.seconds
            )
            print(f"     paced  {report['paced_while_changing']}")
            waits = change_to_match(sidecar, feed, times=10)
            report["change_to_match_s"] = {
                "median": round(statistics.median(waits), 4),
                "most": round(max(waits), 4),
            }
            print(f"   a change is matched after {report['change_to_match_s']} s")
            report["memory"] = follow_memory(sidecar, folder, options)
            print(f"   memory {report['memory']}")
        finally:
            sidecar.stop()
    return report


def _measured(
    sidecar: Sidecar, folder: Path, kind: str, options: argparse.Namespace
) -> dict[str, float]:
    cpu = sidecar.figure("process_cpu_seconds_total")
    found = load(sidecar, folder, kind, seconds=options.seconds, connections=options.connections)
    spent = sidecar.figure("process_cpu_seconds_total") - cpu
    requests = found["requests_per_s"] * options.seconds
    found["requests_per_s"] = round(found["requests_per_s"], 1)
    found["hashes_per_s"] = round(found["requests_per_s"] * options.hashes)
    found["cpu_us_per_request"] = round(spent / requests * 1e6, 1)
    return found


def told(name: str, found: dict[str, float], options: argparse.Namespace) -> dict[str, float]:
    """
    Print one line.
    """
    print(
        f"{name:>10}  {found['requests_per_s']:9.0f} requests/s of {options.hashes}  "
        f"{found['hashes_per_s']:11.0f} hashes/s  p50 {found['p50_ms']:6.2f} ms  "
        f"p99 {found['p99_ms']:6.2f} ms  CPU {found['cpu_us_per_request']:6.1f} us",
        flush=True,
    )
    return found


def follow_memory(sidecar: Sidecar, folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """
    Ask on, while changes arrive, and see whether the process grows.
    """
    name = "process_resident_memory_bytes"
    first = sidecar.figure(name)
    listed = sidecar.figure("tegenbeeld_listed")
    ends_at = time.monotonic() + 60 * options.minutes
    samples = [first]
    while time.monotonic() < ends_at:
        load(sidecar, folder, "json", seconds=5, connections=options.connections)
        samples.append(sidecar.figure(name))
    half = samples[len(samples) // 2 :]
    return {
        "first_mb": round(first / 1e6, 1),
        "last_mb": round(samples[-1] / 1e6, 1),
        "most_mb": round(max(samples) / 1e6, 1),
        "growth_of_second_half_mb": round((half[-1] - half[0]) / 1e6, 1),
        "listed_first": listed,
        "listed_last": sidecar.figure("tegenbeeld_listed"),
    }


if __name__ == "__main__":
    main()
