"""
What a sidecar was told on the command line.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """
    Where the list is, where to listen, and how much to do at once.

    Attributes:
        store: The folder of the list.
        host: The address to listen on.
        port: The port.
        token: What requests must bring; None where only this machine can ask.
        sync_every_s: Seconds between two looks at the node; None if somebody else syncs.
        hash_threads: Requests with hashes that are worked on at once.
        picture_threads: Pictures that are decoded at once.
        video_threads: Videos that are decoded at once, beside those.
    """

    store: Path
    host: str
    port: int
    token: str | None
    sync_every_s: float | None
    hash_threads: int
    picture_threads: int
    video_threads: int

    def __repr__(self) -> str:
        """
        Without the token, so that no log and no trace shows it.
        """
        return f"Settings(store={str(self.store)!r}, host={self.host!r}, port={self.port})"
