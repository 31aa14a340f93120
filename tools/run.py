"""
What `make run` does: a node and the demonstration platform on this machine, until Ctrl-C.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-m", "tegenbeeld"]
PLATFORM = "Demo platform"
START_LIMIT_SECONDS = 60
STOP_LIMIT_SECONDS = 10


def main() -> int:
    """
    Set up what is missing, start both, and wait.
    """
    os.chdir(ROOT)
    data = Path(os.environ.setdefault("DATA", "var")).absolute()
    node_port = os.environ.setdefault("PORT", "8000")
    demo_port = os.environ.setdefault("DEMO_PORT", "8100")
    host = os.environ.setdefault("HOST", "127.0.0.1")
    node = os.environ.setdefault("PUBLIC_URL", f"http://{host}:{node_port}")
    for name, port in (("PORT", node_port), ("DEMO_PORT", demo_port)):
        _check_is_free(name, host, port)
    subprocess.run([*COMMAND, "node", "init"], check=True, stdout=subprocess.DEVNULL)
    _make_credentials(data / "demo" / "credentials.json", node=node)
    servers = [
        # In groups of their own, so that one that does not end can be ended with its workers.
        subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        for command in ([*COMMAND, "node", "serve"], [sys.executable, "examples/platform/serve.py"])
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _wait_for(f"http://{host}:{node_port}/healthz", servers)
        _wait_for(f"http://{host}:{demo_port}/", servers)
        print(f"The node, for people:        http://{host}:{node_port}")
        print(f"The demonstration platform:  http://{host}:{demo_port}")
        print(f"Everything is kept in {data}. Stop with Ctrl-C.", flush=True)
        return _first_to_end(servers)
    except KeyboardInterrupt:
        return 0
    finally:
        for server in servers:
            _stop(server)


def _check_is_free(name: str, host: str, port: str) -> None:
    # Whatever listens there already would answer in place of what is started here.
    try:
        with socket.create_server((host, int(port))):
            pass
    except (OSError, OverflowError, ValueError) as error:
        sys.exit(f"{name} {port} on {host} cannot be used: {error}. Choose another {name}.")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _make_credentials(path: Path, *, node: str) -> None:
    # The keys are shown once, so they are written down at once; the address may change.
    credentials = json.loads(path.read_text() if path.exists() else _add_platform(path))
    credentials["node"] = node
    credentials["stopncii"]["base_url"] = f"{node}/stopncii/v1"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(credentials))
    draft.replace(path)


def _add_platform(path: Path) -> str:
    command = [*COMMAND, "node", "partner", "add", PLATFORM, "--json"]
    added = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if added.returncode:
        sys.exit(
            f"The demonstration platform has no keys in {path}, and the node knows it already: "
            f"an earlier start was cut off. Remove {path.parents[1]} and start again."
        )
    return added.stdout


def _wait_for(address: str, servers: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline:
        if any(server.poll() is not None for server in servers):
            sys.exit("One of the two could not start; its message stands above.")
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    sys.exit(f"{address} did not answer within {START_LIMIT_SECONDS} seconds.")


def _first_to_end(servers: list[subprocess.Popen[bytes]]) -> int:
    while all(server.poll() is None for server in servers):
        time.sleep(0.5)
    print("One of the two has ended; the other is stopped too.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
