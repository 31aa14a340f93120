"""
The demonstration platform with a real store, and an exchange in memory.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from tegenbeeld import pdq
from tegenbeeld.kit import Store
from tegenbeeld.kit.testing import InMemoryExchange
from tegenbeeld.kit.videos import hash_video
from tegenbeeld.wire.video import encode_frames

if TYPE_CHECKING:
    from flask import Flask

PLATFORM = Path(__file__).resolve().parents[3] / "examples" / "platform"


class Site:
    """
    The platform, its visitors and its node.

    Attributes:
        exchange: The node's side.
        app: The platform's pages.
        visitor: Somebody's browser.
        uploads, worker, video_checks: Parts of the platform.
    """

    def __init__(self, folder: Path) -> None:
        # Like `python examples/platform/serve.py`, which puts its own folder on the path.
        from app import create_app
        from checks import Checks
        from parts import Parts
        from uploads import Uploads
        from videos import VideoChecks
        from worker import Worker

        self.exchange = InMemoryExchange()
        self.client = self.exchange.client()
        self.store = Store.create(folder)
        self.uploads: Any = Uploads(folder)
        self.worker: Any = Worker(self.store, self.client, self.uploads)
        checks = Checks(self.store)
        self.video_checks: Any = VideoChecks(checks, self.uploads, self.worker)
        self.app: Flask = create_app(Parts(self.uploads, checks, self.worker, self.video_checks))
        self.visitor = self.app.test_client()

    def protect(self, picture: bytes) -> str:
        """
        List the hash of a picture, and let the platform hear of it.
        """
        pixels = np.asarray(Image.open(io.BytesIO(picture)).convert("RGB"))
        entry = self.exchange.add(pdq.hash_rgb(pixels).hash.hex())
        self.worker.go_round()
        return entry

    def protect_video(self, video: bytes) -> str:
        """
        The same for a video.
        """
        hashed = hash_video(video)
        entry = self.exchange.add(hashed.md5, frames=encode_frames(hashed.frames))
        self.worker.go_round()
        return entry

    def share(self, picture: bytes, name: str = "picture.png") -> Any:
        """
        Upload a picture through the form.
        """
        form = {"picture": (io.BytesIO(picture), name)}
        return self.visitor.post("/uploads", data=form)

    def outcome(self, picture: bytes) -> str:
        """
        Upload a picture; the heading of the page that follows.
        """
        response = self.share(picture)
        assert response.status_code == 303, response.text
        page = self.visitor.get(response.location).text
        return str(page.split("<h1>")[1].split("</h1>")[0])

    def decide(self, upload: str, decision: str) -> Any:
        """
        Press one of the moderator's buttons.
        """
        return self.visitor.post(f"/review/{upload}", data={"decision": decision})

    def said(self) -> list[str]:
        """
        The feedback that reached the node, in order.
        """
        return [item.value.value for item in self.exchange.feedback]

    def close(self) -> None:
        """
        Let go of the files.
        """
        self.client.close()
        self.store.close()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """
    A platform that has just started.
    """
    monkeypatch.syspath_prepend(str(PLATFORM))
    before = set(sys.modules)
    made = Site(tmp_path / "demo")
    yield made
    made.close()
    # Its modules have everyday names; leave none of them to other tests.
    for name in set(sys.modules) - before:
        module = sys.modules[name]
        if str(getattr(module, "__file__", "")).startswith(str(PLATFORM)):
            del sys.modules[name]
