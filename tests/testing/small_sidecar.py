"""
The application of the sidecar with a small list, asked without a server.
"""

import io
import json
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.kit import Entry, Matcher, PictureHasher, Provenance, SignalType
from tegenbeeld.kit.videos.hasher import VideoHasher
from tegenbeeld.sidecar.application import Application
from tegenbeeld.sidecar.metrics import Metrics
from testing.described import check_answer

ONE_AT_ONCE = PictureHasher(workers=1)
ONE_VIDEO_AT_ONCE = VideoHasher(workers=1)


class Answer(NamedTuple):
    """
    What came back.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """
        The body, read.
        """
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """
        Why it was refused.
        """
        found: str = self.json["error"]["code"]
        return found


class Sidecar:
    """
    An application, and a client for it. Each answer is held against the OpenAPI document.

    Attributes:
        matcher: What it asks; None as long as the list is being opened.
        metrics: What it counts.
        hasher: What looks at its pictures.
        video_hasher: What looks at its videos.
    """

    def __init__(self, entries: list[Entry], *, token: str | None = None) -> None:
        self.matcher: Matcher | None = Matcher(entries)
        self.metrics = Metrics()
        self.hasher = ONE_AT_ONCE
        self.video_hasher = ONE_VIDEO_AT_ONCE
        self.application = Application(
            self,
            self.metrics,
            token=token,
            host="127.0.0.1",
            hasher=self.hasher,
            video_hasher=self.video_hasher,
        )

    def ask(
        self,
        path: str = "/v1/match",
        body: bytes = b"",
        *,
        method: str = "POST",
        query: str = "",
        **environ: str,
    ) -> Answer:
        """
        Send one request.
        """
        got: list[Any] = []
        given = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "127.0.0.1:8200",
            "CONTENT_LENGTH": str(len(body)),
            **environ,
        }
        pieces = self.application(
            {**given, "wsgi.input": io.BytesIO(body)},
            lambda status, headers: got.extend((status, headers)),
        )
        answer = Answer(int(got[0][:3]), dict(got[1]), b"".join(pieces))
        content_type = answer.headers["Content-Type"]
        check_answer(path, method, answer.status, content_type, answer.body)
        return answer

    def ask_hashes(self, *hashes: str, query: str = "", **more: Any) -> Answer:
        """
        Ask in JSON.
        """
        body = json.dumps({"hashes": hashes, **more}).encode()
        return self.ask(body=body, query=query, CONTENT_TYPE="application/json")

    def ask_binary(self, body: bytes, **environ: str) -> Answer:
        """
        Ask in bytes.
        """
        return self.ask(body=body, CONTENT_TYPE="application/octet-stream", **environ)


def hash_text(number: int) -> str:
    """
    Another hash for each number, far from all others.
    """
    return np.random.default_rng(number).bytes(32).hex()


def flipped(text: str, bits: int) -> str:
    """
    The hash with so many of its last bits turned over.
    """
    return f"{int(text, 16) ^ ((1 << bits) - 1):064x}"


def entry(number: int, hash_: str) -> Entry:
    """
    An entry whose id is a number.
    """
    return Entry(f"{number:032x}", SignalType.PDQ, bytes.fromhex(hash_), Provenance.SELF)


def picture_hash(picture: bytes) -> str:
    """
    The hash of a picture.
    """
    return pdq.hash_rgb(np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))).hash.hex()
