"""
Serve the demonstration platform: `python examples/platform/serve.py`.

DATA names the folder (./var), DEMO_PORT the port (8100), HOST the address (127.0.0.1). The folder
`demo` in DATA must hold `credentials.json`, as `tegenbeeld node partner add NAME --json` prints it.
"""

import os
import sys
from pathlib import Path

from app import create_app
from checks import Checks
from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from parts import Parts
from uploads import Uploads
from videos import VideoChecks
from worker import Worker

from tegenbeeld.kit import Exchange, Store, StoreError

LOOPBACK = "127.0.0.1"
THREADS = 4


def main() -> int:
    """
    Serve until interrupted.
    """
    try:
        Store.create(folder()).credentials()
    except StoreError as error:
        print(error.message, file=sys.stderr)
        return 2
    port = os.environ.get("DEMO_PORT", "8100")
    print(f"The demonstration platform is at http://{host()}:{port}", flush=True)
    Granian(
        "serve:application",
        factory=True,
        address=host(),
        port=int(port),
        interface=Interfaces.WSGI,
        # One process: two would sync the same list twice.
        workers=1,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
    ).serve()
    return 0


def application() -> Flask:
    """
    Open the parts, start the background threads, and make the pages.
    """
    store = Store.create(folder())
    uploads = Uploads(folder())
    worker = Worker(store, Exchange(store.credentials()), uploads)
    worker.start()
    checks = Checks(store)
    video_checks = VideoChecks(checks, uploads, worker)
    video_checks.start()
    app = create_app(Parts(uploads, checks, worker, video_checks))
    if host() == LOOPBACK:
        # Another site could give its own name this address, and read the pages through that.
        app.config["TRUSTED_HOSTS"] = [LOOPBACK, "localhost"]
    return app


def host() -> str:
    """
    The address to listen on.
    """
    return os.environ.get("HOST", LOOPBACK)


def folder() -> Path:
    """
    Where the platform keeps everything.
    """
    return Path(os.environ.get("DATA", "var")) / "demo"


if __name__ == "__main__":
    sys.exit(main())
