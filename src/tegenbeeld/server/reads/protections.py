"""
What a person may see of her protections.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tegenbeeld.casework.lifecycle import ProtectionState
from tegenbeeld.casework.partnership import PartnerState
from tegenbeeld.server.records.models import Acknowledgement, Finding, Partner, Protection


class PlatformView(NamedTuple):
    """
    One platform, as one protection sees it.

    Attributes:
        name: Of the platform.
        listed_on: When it had taken in the hash, or None.
        finding: What it said of an upload that matched, or None.
        found_on: When it said so.
        stopped_on: When it last stopped a copy, whatever it said of others since, or None.
        withdrawal_confirmed_on: When it had taken in the end of the protection, or None.
        concerned: False for a platform that joined only after the protection had ended.
    """

    name: str
    listed_on: date | None = None
    finding: str | None = None
    found_on: date | None = None
    stopped_on: date | None = None
    withdrawal_confirmed_on: date | None = None
    concerned: bool = True


class Slot(NamedTuple):
    """
    One of the places under a code. An unknown token and an unused one give the same slot.
    """

    state: str
    protected_on: date | None
    ends_on: date | None
    withdrawn_on: date | None
    platforms: list[PlatformView]


class _Progress(NamedTuple):
    """
    How far one platform had read the log, day by day.
    """

    name: str
    joined_on: date
    seqs: list[int]
    days: list[date]

    def reached_on(self, seq: int | None) -> date | None:
        """
        The day on which the platform had read up to *seq*, or None if it has not yet.
        """
        if seq is None:
            return None
        place = bisect_left(self.seqs, seq)
        return self.days[place] if place < len(self.days) else None


EMPTY = "empty"


def slots(token_digests: Sequence[bytes]) -> list[Slot]:
    """
    The slots that these tokens open, in the same order.

    Every slot names every platform, the empty ones too, so that all have the same shape.
    """
    found = {
        bytes(row.token_digest or b""): row
        for row in Protection.objects.filter(token_digest__in=list(token_digests))
    }
    findings = _findings(found.values())
    progress = _progress()
    return [_slot(found.get(digest), progress, findings) for digest in token_digests]


def _slot(
    row: Protection | None,
    progress: dict[int, _Progress],
    findings: dict[tuple[int, int], Finding],
) -> Slot:
    if row is None:
        return Slot(EMPTY, None, None, None, [PlatformView(p.name) for p in progress.values()])
    return Slot(
        state=row.state,
        protected_on=row.created_on,
        ends_on=row.ends_on,
        withdrawn_on=row.ended_on if row.state == ProtectionState.WITHDRAWN else None,
        platforms=[
            _platform(row, reader, findings.get((row.id, partner)))
            for partner, reader in progress.items()
        ],
    )


def _platform(row: Protection, reader: _Progress, finding: Finding | None) -> PlatformView:
    return PlatformView(
        name=reader.name,
        listed_on=reader.reached_on(row.listed_seq),
        finding=finding.value if finding else None,
        found_on=finding.found_on if finding else None,
        stopped_on=finding.stopped_on if finding else None,
        withdrawal_confirmed_on=reader.reached_on(row.ended_seq),
        concerned=row.ended_on is None or reader.joined_on <= row.ended_on,
    )


def _findings(rows: Iterable[Protection]) -> dict[tuple[int, int], Finding]:
    return {
        (finding.protection_id, finding.partner_id): finding
        for finding in Finding.objects.filter(protection__in=list(rows))
    }


def _progress() -> dict[int, _Progress]:
    live = Partner.objects.filter(state=PartnerState.LIVE).order_by("name")
    progress = {partner.id: _Progress(partner.name, partner.created_on, [], []) for partner in live}
    for row in Acknowledgement.objects.filter(partner__in=progress).order_by("seq"):
        progress[row.partner_id].seqs.append(row.seq)
        progress[row.partner_id].days.append(row.acknowledged_on)
    return progress
