"""
What a person may see of her protections.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.casework.news import Rhythm
from tegenbeeld.casework.partnership import PartnerState
from tegenbeeld.casework.platform_status import (
    Matching,
    PlatformStatus,
    ended_status,
    live_status,
    matching,
)
from tegenbeeld.server.records.models import (
    Acknowledgement,
    Finding,
    Partner,
    Protection,
    Subscription,
)
from tegenbeeld.wire.native import FeedbackValue, SignalType


class PlatformView(NamedTuple):
    """
    One platform, as one protection sees it. An empty slot sees nothing of any.

    Attributes:
        status: How it stands there, in one word.
        matches: What the platform recognises with what it fetched, or None before that.
        listed_on: When it had taken in the hash, or None.
        finding: What it said last of an upload that matched, or None.
        found_on: When it said so.
        stopped_on: When it last stopped a copy, whatever it said of others since, or None.
        withdrawal_confirmed_on: When it had taken in the end of the protection, or None.
    """

    status: PlatformStatus | None = None
    matches: Matching | None = None
    listed_on: date | None = None
    finding: FeedbackValue | None = None
    found_on: date | None = None
    stopped_on: date | None = None
    withdrawal_confirmed_on: date | None = None


class Slot(NamedTuple):
    """
    One of the places under a code. An unknown token and an unused one give the same slot.

    Attributes:
        state: Of the protection, or `EMPTY`.
        signal_type: How its hash was made: of a picture or of a video.
        protected_on: When it was made.
        ends_on: The first day on which it does not count any more, unless it ended before.
        withdrawn_on: When she withdrew it.
        note: What only she can read.
        news: How often she is told by e-mail, at most, or None.
        platforms: One view for each platform, in the order of `View.platforms`.
    """

    state: str
    signal_type: SignalType | None
    protected_on: date | None
    ends_on: date | None
    withdrawn_on: date | None
    note: bytes | None
    news: Rhythm | None
    platforms: list[PlatformView]


class View(NamedTuple):
    """
    What some tokens open.

    Attributes:
        platforms: Names of those that take part, in alphabetical order.
        slots: One for each token.
    """

    platforms: list[str]
    slots: list[Slot]


class _Progress(NamedTuple):
    """
    How far one platform had read the log, day by day.
    """

    name: str
    joined_on: date
    seqs: list[int]
    frames_seqs: list[int]
    days: list[date]

    def reached_on(self, seq: int | None) -> date | None:
        """
        The day on which the platform had read up to *seq*, or None if it has not yet.
        """
        if seq is None:
            return None
        place = bisect_left(self.seqs, seq)
        return self.days[place] if place < len(self.days) else None

    def has_frames(self, seq: int) -> bool:
        """
        Whether it has read up to *seq* with the frames of videos.
        """
        return bool(self.frames_seqs) and self.frames_seqs[-1] >= seq


EMPTY = "empty"


def slots(token_digests: Sequence[bytes]) -> View:
    """
    The slots that these tokens open, in the same order.

    Every slot has a view of every platform, the empty ones too, so that all have the same shape.
    """
    rows = Protection.objects.filter(token_digest__in=list(token_digests)).select_related("entry")
    found = {bytes(row.token_digest or b""): row for row in rows}
    findings = _findings(found.values())
    rhythms = _rhythms(found.values())
    progress = _progress()
    return View(
        platforms=[reader.name for reader in progress.values()],
        slots=[_slot(found.get(digest), progress, findings, rhythms) for digest in token_digests],
    )


def _slot(
    row: Protection | None,
    progress: dict[int, _Progress],
    findings: dict[tuple[int, int], Finding],
    rhythms: dict[int, Rhythm],
) -> Slot:
    if row is None:
        return Slot(EMPTY, None, None, None, None, None, None, [PlatformView()] * len(progress))
    return Slot(
        state=row.state,
        signal_type=SignalType(row.entry.signal_type),
        protected_on=row.created_on,
        ends_on=row.ends_on,
        withdrawn_on=row.ended_on if row.state == ProtectionState.WITHDRAWN else None,
        note=None if row.note is None else bytes(row.note),
        news=rhythms.get(row.id),
        platforms=[
            _platform(row, reader, findings.get((row.id, partner)))
            for partner, reader in progress.items()
        ],
    )


def _platform(row: Protection, reader: _Progress, finding: Finding | None) -> PlatformView:
    listed_on = reader.reached_on(row.listed_seq)
    value = FeedbackValue(finding.value) if finding else None
    confirmed_on = reader.reached_on(row.ended_seq)
    return PlatformView(
        status=live_status(finding=value, is_delivered=listed_on is not None)
        if row.ended_on is None
        else ended_status(
            was_there=reader.joined_on <= row.ended_on,
            was_told=row.listed_seq is not None,
            is_confirmed=confirmed_on is not None,
        ),
        matches=_matching(row, reader) if listed_on else None,
        listed_on=listed_on,
        finding=value,
        found_on=finding.found_on if finding else None,
        stopped_on=finding.stopped_on if finding else None,
        withdrawal_confirmed_on=confirmed_on,
    )


def _matching(row: Protection, reader: _Progress) -> Matching:
    has_frames = reader.has_frames(row.listed_seq or 0)
    return matching(SignalType(row.entry.signal_type), has_frames=has_frames)


def _findings(rows: Iterable[Protection]) -> dict[tuple[int, int], Finding]:
    return {
        (finding.protection_id, finding.partner_id): finding
        for finding in Finding.objects.filter(protection__in=list(rows))
    }


def _rhythms(rows: Iterable[Protection]) -> dict[int, Rhythm]:
    told = Subscription.objects.filter(protection__in=list(rows))
    return {row: Rhythm(rhythm) for row, rhythm in told.values_list("protection", "rhythm")}


def _progress() -> dict[int, _Progress]:
    live = Partner.objects.filter(state=PartnerState.LIVE).order_by("name")
    progress = {row.id: _Progress(row.name, row.created_on, [], [], []) for row in live}
    told = Acknowledgement.objects.filter(partner__in=progress).order_by("seq", "frames_seq")
    for partner, seq, frames_seq, day in told.values_list(
        "partner", "seq", "frames_seq", "acknowledged_on"
    ):
        progress[partner].seqs.append(seq)
        progress[partner].frames_seqs.append(frames_seq)
        progress[partner].days.append(day)
    return progress
