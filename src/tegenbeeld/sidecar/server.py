"""
Serving the sidecar with granian: one process, threads that share one list.

The index lets go of Python's lock while it searches, so that more threads use more cores.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from functools import partial
from multiprocessing import util
from pathlib import Path

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from tegenbeeld.errors import StoreError
from tegenbeeld.kit import PictureHasher
from tegenbeeld.kit.videos.hasher import VideoHasher
from tegenbeeld.sidecar import logs
from tegenbeeld.sidecar.application import Application
from tegenbeeld.sidecar.limits import PICTURES_WAITING, VIDEOS_WAITING
from tegenbeeld.sidecar.metrics import Metrics
from tegenbeeld.sidecar.settings import Settings
from tegenbeeld.sidecar.upkeep import Upkeep

SHORTEST_TOKEN = 16
"""Letters; inclusive."""

OTHER_THREADS = 2
"""For health and figures, so that they are answered while everything else is busy."""

CONNECTIONS = 1024
"""Most connections at once; inclusive. Others wait to be taken in."""

STOP_WITHIN_S = 15


def serve(settings: Settings) -> None:
    """
    Serve until told to stop, by SIGTERM or SIGINT. What is being answered is still answered.
    """
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    logs.write("listening", address=f"http://{shown}:{settings.port}")
    pictures = settings.picture_threads * (1 + PICTURES_WAITING)
    videos = settings.video_threads * (1 + VIDEOS_WAITING)
    Server(
        "tegenbeeld.sidecar.server:application",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=settings.hash_threads + pictures + videos + OTHER_THREADS,
        backpressure=CONNECTIONS,
        # Addresses of those who ask are written nowhere.
        log_access=False,
        log_level=LogLevels.error,
        log_dictconfig=logs.CONFIGURATION,
        workers_kill_timeout=STOP_WITHIN_S,
    ).serve(target_loader=partial(application, settings), wrap_loader=False)


def application(settings: Settings) -> Application:
    """
    Make the application, in the process that answers; the list is opened in the background.
    """
    metrics = Metrics()
    upkeep = Upkeep(settings, metrics)
    # Runs when the server has answered what was under way and the process is about to end.
    util.Finalize(None, upkeep.stop, exitpriority=1)
    hasher = PictureHasher(workers=settings.picture_threads)
    hasher.start()
    util.Finalize(None, hasher.close, exitpriority=1)
    # Its processes start with the first video: many platforms have none.
    video_hasher = VideoHasher(workers=settings.video_threads)
    util.Finalize(None, video_hasher.close, exitpriority=1)
    logs.write("sandbox", protections=list(hasher.protections), missing=hasher.missing)
    upkeep.start()
    return Application(
        upkeep,
        metrics,
        token=settings.token,
        host=settings.host,
        hasher=hasher,
        video_hasher=video_hasher,
    )


def read_token(path: Path) -> str:
    """
    Read the token that requests must bring.

    Raises:
        StoreError: There is none in the file, or one that can be guessed or not be sent.
    """
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"The token in {path} cannot be read: {error}.") from error
    if not re.fullmatch(r"[!-~]+", text) or len(text) < SHORTEST_TOKEN:
        raise StoreError(
            f"{path} must hold one token of at least {SHORTEST_TOKEN} letters, digits or signs, "
            "without spaces. Make one: `openssl rand -hex 32`."
        )
    return text


def check_address(host: str, port: int, *, has_token: bool) -> None:
    """
    Check that the address can be listened on and, if others can reach it, that a token is asked.

    Raises:
        StoreError: It cannot.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise StoreError(f"{host!r} is not an address of this machine: {error}.") from error
    if not has_token and not _is_loopback(item[4][0] for item in found):
        raise StoreError(
            f"{host} can be reached by others, who could find out what is on the list. Give "
            "--token-file FILE, and let requests bring that token; or listen on 127.0.0.1."
        )
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise StoreError(
                f"Nothing can be served at {host} port {port}: {error.strerror}. Choose another "
                "with --port, or stop what is there."
            ) from error


def _is_loopback(addresses: Iterable[str | int]) -> bool:
    return all(ipaddress.ip_address(str(item)).is_loopback for item in addresses)
