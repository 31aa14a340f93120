"""
What a platform imports: fetch the list, keep it, match uploads, say what came of a match.

    from tegenbeeld.kit import Exchange, Matcher, Store, sync

    with Store("var/list") as store:
        sync(store, Exchange(store.credentials()))
        print(Matcher(store).match_picture(upload))

`docs/how-to/be-a-partner.md` starts from nothing; `examples/platform/` is a whole platform;
`tegenbeeld.kit.testing` has an exchange to run your own tests against.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from tegenbeeld.errors import (
    ExchangeError,
    InvalidHash,
    MediaError,
    NodeUnavailable,
    NotAuthorised,
    PictureTooPoor,
    PictureTooSmall,
    StoreError,
    TegenbeeldError,
    WireError,
)
from tegenbeeld.kit.store import Entry, Store
from tegenbeeld.kit.sync import SyncReport, sync
from tegenbeeld.wire.native import Credentials, Feedback, FeedbackValue, Provenance, SignalType

if TYPE_CHECKING:
    from tegenbeeld.kit.exchange import Exchange
    from tegenbeeld.kit.matcher import Matcher
    from tegenbeeld.kit.matches import Match
    from tegenbeeld.kit.pictures import PictureHasher, hash_file
    from tegenbeeld.pdq import PdqHash

__all__ = [
    "Credentials",
    "Entry",
    "Exchange",
    "ExchangeError",
    "Feedback",
    "FeedbackValue",
    "InvalidHash",
    "Match",
    "Matcher",
    "MediaError",
    "NodeUnavailable",
    "NotAuthorised",
    "PdqHash",
    "PictureHasher",
    "PictureTooPoor",
    "PictureTooSmall",
    "Provenance",
    "SignalType",
    "Store",
    "StoreError",
    "SyncReport",
    "TegenbeeldError",
    "WireError",
    "hash_file",
    "sync",
]

# These bring numpy or an HTTP client with them. They are loaded when first asked for, so that
# `tegenbeeld --help` answers at once.
_LOADED_LATER = {
    "Exchange": "tegenbeeld.kit.exchange",
    "Match": "tegenbeeld.kit.matches",
    "Matcher": "tegenbeeld.kit.matcher",
    "PdqHash": "tegenbeeld.pdq",
    "PictureHasher": "tegenbeeld.kit.pictures",
    "hash_file": "tegenbeeld.kit.pictures",
}


def __getattr__(name: str) -> object:
    if name in _LOADED_LATER:
        return getattr(import_module(_LOADED_LATER[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
