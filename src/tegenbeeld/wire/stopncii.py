"""
The messages of the StopNCII-compatible door.

They are what the client of the `threatexchange` package reads and writes. Source: that client
at version 1.2.17; spec/exchange.md §5 writes the contract down.
"""

from enum import StrEnum
from typing import Annotated

import msgspec

from tegenbeeld.errors import WireError
from tegenbeeld.wire import native

MAX_RECORDS = 1000
"""Most records in one `SubmitHashes` or `SubmitFeedback`; inclusive."""

DEFAULT_PAGE = 800
MAX_PAGE = 5000
"""Records in one page of `FetchHashes`; more than this is not sent, whatever is asked."""

FRESH_START = 10
"""The `startTimestamp` of a client that has nothing yet; anything up to it means the same."""

ENUM_PREFIX = "StopNCIISignalType."
"""The reference client writes `str(enum)`, so its signal types arrive with this in front."""

MAX_TAGS = 50
MAX_TAG_LENGTH = 100


class SignalType(StrEnum):
    """
    Signal types of the contract.
    """

    IMAGE_PDQ = "ImagePDQ"
    VIDEO_MD5 = "VideoMD5"


class HashStatus(StrEnum):
    """
    States of a record that we send.
    """

    ACTIVE = "Active"
    WITHDRAWN = "Withdrawn"


class FeedbackValue(StrEnum):
    """
    What a partner may say of a hash.
    """

    UNKNOWN = "Unknown"
    NONE = "None"
    QUALITY_UNKNOWN = "QualityUnknown"
    PENDING_REVIEW = "PendingReview"
    BLOCKED = "Blocked"
    NOT_BLOCKED = "NotBlocked"
    WITHDRAWN = "Withdrawn"
    DELETED = "Deleted"


NATIVE_TYPES = {
    SignalType.IMAGE_PDQ: native.SignalType.PDQ,
    SignalType.VIDEO_MD5: native.SignalType.VIDEO_MD5,
}

SIGNAL_TYPES = {ours: theirs for theirs, ours in NATIVE_TYPES.items()} | {
    native.SignalType.VPDQ: SignalType.VIDEO_MD5
}
"""This door knows nothing of frames: of a video it tells the MD5."""

NATIVE_FEEDBACK = {
    FeedbackValue.PENDING_REVIEW: native.FeedbackValue.PENDING_REVIEW,
    FeedbackValue.BLOCKED: native.FeedbackValue.BLOCKED,
    FeedbackValue.NOT_BLOCKED: native.FeedbackValue.NOT_BLOCKED,
}
"""The values that say something about an upload; the others are kept, and shown to nobody."""

STOPNCII_FEEDBACK = {ours: theirs for theirs, ours in NATIVE_FEEDBACK.items()}

Tag = Annotated[str, msgspec.Meta(max_length=MAX_TAG_LENGTH)]
Tags = Annotated[list[Tag], msgspec.Meta(max_length=MAX_TAGS)]
HashText = Annotated[str, msgspec.Meta(pattern=r"\A(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{64})\Z")]
TypeText = Annotated[str, msgspec.Meta(max_length=64)]


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """
    What one partner says of a hash, inside a record.
    """

    feedback_value: FeedbackValue = msgspec.field(name="feedbackValue")
    tags: Tags = []
    source: str = ""


class HashRecord(msgspec.Struct, frozen=True, kw_only=True):
    """
    One hash as it stands now. A later record of the same hash replaces an earlier one.

    Every field that the reference client needs is always there, or it drops the whole page.
    """

    last_mod_timestamp: int = msgspec.field(name="lastModtimestamp")
    signal_type: SignalType = msgspec.field(name="signalType")
    hash_value: str = msgspec.field(name="hashValue")
    hash_status: HashStatus = msgspec.field(name="hashStatus")
    case_numbers: dict[str, str] = msgspec.field(name="caseNumbers", default_factory=dict)
    feedbacks: list[Feedback] = msgspec.field(name="CSPFeedbacks", default_factory=list)


class HashPage(msgspec.Struct, frozen=True, kw_only=True):
    """
    The answer of `FetchHashes`.
    """

    count: int
    next_page_token: str | None = msgspec.field(name="nextPageToken")
    next_set_timestamp: int = msgspec.field(name="nextSetTimestamp")
    has_more_records: bool = msgspec.field(name="hasMoreRecords")
    hash_records: list[HashRecord] = msgspec.field(name="hashRecords")


class SubmittedHash(msgspec.Struct, frozen=True, kw_only=True):
    """
    One hash that a partner puts on the list.
    """

    signal_type: TypeText = msgspec.field(name="signalType")
    hash_value: HashText = msgspec.field(name="hashValue")
    feedbacks: Annotated[list[Feedback], msgspec.Meta(max_length=MAX_TAGS)] = msgspec.field(
        name="CSPFeedbacks", default_factory=list
    )


class SubmitHashes(msgspec.Struct, frozen=True, kw_only=True):
    """
    The body of `SubmitHashes`.
    """

    hash_records: Annotated[list[SubmittedHash], msgspec.Meta(max_length=MAX_RECORDS)] = (
        msgspec.field(name="hashRecords")
    )


class SubmittedFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a partner says of one hash. It names no signal type: the value alone must do.
    """

    hash_value: HashText = msgspec.field(name="hashValue")
    feedback_value: FeedbackValue = msgspec.field(name="feedbackValue")
    tags: Tags = []


class SubmitFeedback(msgspec.Struct, frozen=True, kw_only=True):
    """
    The body of `SubmitFeedback`.
    """

    hash_feedbacks: Annotated[list[SubmittedFeedback], msgspec.Meta(max_length=MAX_RECORDS)] = (
        msgspec.field(name="hashFeedbacks")
    )


def native_type(text: str) -> native.SignalType:
    """
    The signal type of a submitted record.

    Raises:
        WireError: One that this exchange does not take.
    """
    try:
        return NATIVE_TYPES[SignalType(text.removeprefix(ENUM_PREFIX))]
    except ValueError:
        raise WireError(
            f"signalType {text!r} is not taken here. Send ImagePDQ or VideoMD5."
        ) from None
