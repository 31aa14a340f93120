"""
How much the sidecar answers: requests and hashes per second, waiting times, memory.

    python bench/sidecar.py [--size 1M] [--hashes 64] [--seconds 10] [--minutes 0] [--json]

Starts the real `tegenbeeld serve` over a list of random hashes, on one core, and asks it over
loopback from another, with wrk where that is installed. One hash in a hundred matches. Then the
same while a node sends changes, how long an answer takes when there is less to do than it could,
and how long a change takes to be matched. With `--minutes 10` the last part goes on so long, and
the memory of the process is followed. With `--json` the last line is one JSON object.

Its parts: `sidecar_node.py` the node, `sidecar_list.py` the list and the questions,
`sidecar_process.py` the sidecar, `sidecar_load.py` who asks.
"""

import argparse
import http.client
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from sidecar_list import make_questions, make_store
from sidecar_load import load, paced
from sidecar_node import Feed, served
from sidecar_process import Sidecar


def sizes(text: str) -> int:
    """
    Read 100k, 1M or a plain number.
    """
    factor = {"k": 1000, "M": 1_000_000}.get(text[-1:], 1)
    return int(text.rstrip("kM")) * factor


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
    # The node and who asks steadily share this process. With the usual 5 ms between two threads'
    # turns, making a page of changes would count as waiting for the sidecar.
    sys.setswitchinterval(0.0002)
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
