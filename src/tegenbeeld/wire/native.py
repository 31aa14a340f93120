"""
The native feed of changes, as `spec/exchange.md` §1 to §4 defines it.

Both sides read and write these values, so neither can drift from the other.
"""

from enum import StrEnum
from typing import Annotated, TypeVar

import msgspec

from tegenbeeld.errors import WireError

MAX_PAGE = 1000
"""Most changes in one page, and most items in one feedback message; inclusive."""

MAX_FRAMES_TEXT = 345_604
"""Longest text of the frames of one video, in characters; inclusive. `wire.video` says why."""

MAX_PAGE_FRAMES = 2_000_000
"""A page ends where the frames of its videos would be longer together, in characters; but one
change is always in it."""

Seq = Annotated[int, msgspec.Meta(ge=0)]
EntryId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
HashText = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-f]{32}|[0-9a-f]{64})\Z")]
FramesText = Annotated[str, msgspec.Meta(max_length=MAX_FRAMES_TEXT)]
Quality = Annotated[int, msgspec.Meta(ge=0, le=100)]


class SignalType(StrEnum):
    """
    How a hash was made, and so how two of them compare.
    """

    PDQ = "pdq"
    VIDEO_MD5 = "video_md5"
    VPDQ = "vpdq"


class ChangeKind(StrEnum):
    """
    What happened to an entry of the list.
    """

    ADD = "add"
    WITHDRAW = "withdraw"
    QUARANTINE = "quarantine"
    RESTORE = "restore"


class Provenance(StrEnum):
    """
    Who put a hash on the list.
    """

    SELF = "self"
    INSTITUTE = "institute"
    PARTNER = "partner"
    COURT = "court"
    TEST = "test"
    SYNTHETIC = "synthetic"


class FeedbackValue(StrEnum):
    """
    What a platform says of an upload that matched.
    """

    PENDING_REVIEW = "pending_review"
    BLOCKED = "blocked"
    NOT_BLOCKED = "not_blocked"


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    One line of the log.

    Attributes:
        seq: Place in the log, from 1, without gaps.
        kind: What happened.
        id: The entry, as this partner knows it; another partner sees another id.
        signal_type: How the hash was made.
        hash: Lower-case hexadecimal: 64 digits for a picture's PDQ, 32 for the MD5 of a video.
            None where the entry is no longer listed: there is nothing to match, only the cursor
            moves on.
        quality: PDQ quality of a picture, 0 to 100; None where it does not apply.
        provenance: Who put the hash on the list.
        frames: Of a `vpdq` that is listed, as `wire.video` writes them.
    """

    seq: Seq
    kind: ChangeKind
    id: EntryId
    signal_type: SignalType
    hash: HashText | None
    quality: Quality | None
    provenance: Provenance
    frames: FramesText | None = None


class ChangePage(msgspec.Struct, frozen=True, kw_only=True):
    """
    Some consecutive changes.

    Attributes:
        changes: At most `MAX_PAGE`, in rising order of `seq`.
        next: What to ask for as `after` the next time.
        head: The newest place in the log when the page was made.
        more: Whether `next` lies before `head`.
    """

    changes: Annotated[list[Change], msgspec.Meta(max_length=MAX_PAGE)]
    next: Seq
    head: Seq
    more: bool


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    "Everything up to and including `through` is stored and matched against."
    """

    through: Seq


class Feedback(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What the platform says of one entry.
    """

    id: EntryId
    value: FeedbackValue


class FeedbackMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Feedback on up to `MAX_PAGE` entries.
    """

    feedback: Annotated[list[Feedback], msgspec.Meta(min_length=1, max_length=MAX_PAGE)]


class FeedbackReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """
    How many items were recorded, and which ids are not on this partner's list.
    """

    recorded: int
    unknown: list[EntryId]


class StopnciiKeys(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a client of the StopNCII-compatible door needs.

    Attributes:
        base_url: No slash at the end.
        subscription_key: Sent with every request.
        function_keys: One for each endpoint, by its name.
    """

    base_url: str
    subscription_key: str
    function_keys: dict[str, str]

    def __repr__(self) -> str:
        """
        Without the keys, so that no log and no trace shows them.
        """
        return f"StopnciiKeys(base_url={self.base_url!r}, …)"


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """
    What `tegenbeeld node partner add NAME --json` prints, once.
    """

    partner: str
    state: str
    node: str
    key: str
    stopncii: StopnciiKeys

    def __repr__(self) -> str:
        """
        Without the keys, so that no log and no trace shows them.
        """
        return f"Credentials(partner={self.partner!r}, node={self.node!r}, …)"


Message = TypeVar("Message")


def decode(raw: bytes, as_type: type[Message]) -> Message:
    """
    Read one message.

    Raises:
        WireError: *raw* is no JSON, or breaks the contract; the text says where.
    """
    try:
        return msgspec.json.decode(raw, type=as_type)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"The message could not be read: {error}.") from error


def encode(message: object) -> bytes:
    """
    Write one message as JSON.
    """
    return msgspec.json.encode(message)
