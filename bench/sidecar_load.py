"""
How bench/sidecar.py asks: as fast as it is answered, with wrk where that is installed, or steadily.
"""

import http.client
import re
import shutil
import statistics
import subprocess
import threading
import time
from pathlib import Path

from sidecar_process import Sidecar, pinned

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
        connection.request("POST", "/v1/match", bodies[len(waits) % len(bodies)], headers)
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
            connection.request("POST", "/v1/match", bodies[number % len(bodies)], headers)
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
