"""
Whatever a person does with her code, in any order, she sees what a plain dictionary says.

The days are arguments, so years pass in a moment. Another person protects and withdraws the same
pictures all the while.
"""

from datetime import date, timedelta
from hashlib import sha256
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tegenbeeld.casework.case import NOTE_BYTES
from tegenbeeld.casework.hash_value import HashValue, hash_value
from tegenbeeld.casework.lifecycle import EntryState, ProtectionState
from tegenbeeld.casework.retention import MEMORY, TERMS, ends_on
from tegenbeeld.errors import TokenTaken
from tegenbeeld.server.actions import entries, expiry, protections
from tegenbeeld.server.actions.protections import Request
from tegenbeeld.server.actions.publication import publish
from tegenbeeld.server.reads import protections as reads
from tegenbeeld.server.records.models import Change, Entry, Protection
from tegenbeeld.wire.native import SignalType
from testing.partners import DAY
from testing.people import random_hash

PICTURES: list[HashValue] = [hash_value(SignalType.PDQ, random_hash()) for _ in range(3)]

Slots = st.sets(st.integers(0, 4), min_size=1)
Pictures = st.integers(0, len(PICTURES) - 1)
Years = st.sampled_from(TERMS)
Notes = st.none() | st.integers(0, 255).map(lambda byte: bytes([byte]) * NOTE_BYTES)


class Kept(NamedTuple):
    """
    What the person should see of one slot.
    """

    picture: int
    state: ProtectionState
    ends_on: date
    ended_on: date | None
    note: bytes | None

    @property
    def is_live(self) -> bool:
        """
        Whether it has not ended.
        """
        return self.ended_on is None


def digest(slot: int, *, owner: str = "person") -> bytes:
    """
    Of the token of one slot.
    """
    return sha256(f"{owner}/{slot}".encode()).digest()


class Life(RuleBasedStateMachine):
    """
    One code, and the dictionary of what should be under it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.day = DAY
        self.slots: dict[int, Kept] = {}
        self.last: tuple[list[tuple[int, int]], int, bytes | None] | None = None
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        """
        Undo all that this example wrote.
        """
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @rule(
        items=st.dictionaries(st.integers(0, 4), Pictures, min_size=1),
        years=Years,
        note=Notes,
    )
    def protect(self, items: dict[int, int], years: int, note: bytes | None) -> None:
        """
        Some slots at once; all or none are taken.
        """
        self.last = (list(items.items()), years, note)
        self._send()

    @precondition(lambda self: self.last is not None)
    @rule()
    def protect_again(self) -> None:
        """
        The very same request: its answer was lost.
        """
        self._send()

    @precondition(lambda self: self.last is not None)
    @rule(years=Years, note=Notes)
    def protect_again_otherwise(self, years: int, note: bytes | None) -> None:
        """
        The same hashes with another term and note.
        """
        assert self.last is not None
        self.last = (self.last[0], years, note)
        self._send()

    @rule(slots=Slots)
    def withdraw(self, slots: set[int]) -> None:
        """
        What has ended or never was stays as it is.
        """
        protections.withdraw([digest(slot) for slot in slots], on=self.day)
        for slot in slots & self._live():
            self._end(slot, ProtectionState.WITHDRAWN)

    @rule(slots=Slots, years=Years)
    def renew(self, slots: set[int], years: int) -> None:
        """
        From today, never less than before.
        """
        protections.renew([digest(slot) for slot in slots], years=years, on=self.day)
        for slot in slots & self._live():
            kept = self.slots[slot]
            until = max(kept.ends_on, ends_on(self.day, years=years))
            self.slots[slot] = kept._replace(ends_on=until)

    @rule(slots=Slots, byte=st.integers(0, 255))
    def label(self, slots: set[int], byte: int) -> None:
        """
        Also what has ended keeps its note.
        """
        note = bytes([byte]) * NOTE_BYTES
        protections.label({digest(slot): note for slot in slots})
        for slot in slots & set(self.slots):
            self.slots[slot] = self.slots[slot]._replace(note=note)

    @rule(picture=Pictures, is_there=st.booleans())
    def somebody_else(self, picture: int, *, is_there: bool) -> None:
        """
        Another person protects or withdraws one of the same pictures.
        """
        theirs = digest(picture, owner=f"other on {self.day}")
        if not is_there:
            protections.withdraw([theirs], on=self.day)
        elif not Protection.objects.filter(token_digest=theirs).exists():
            request = Request(theirs, PICTURES[picture], 100)
            protections.protect([request], years=1, on=self.day)

    @rule()
    def tell_platforms(self) -> None:
        """
        What waits is published.
        """
        publish(on=self.day)
        for slot in self._live():
            self.slots[slot] = self.slots[slot]._replace(state=ProtectionState.LISTED)

    @rule(days=st.sampled_from([1, 30, 36, 181, 366, 1900]))
    def wait(self, days: int) -> None:
        """
        Time passes, and the daily work is done.
        """
        self.day += timedelta(days=days)
        expiry.expire(today=self.day)
        for slot in self._live():
            if self.slots[slot].ends_on <= self.day:
                self._end(slot, ProtectionState.EXPIRED)
        self.tell_platforms()
        entries.erase_unlisted()
        entries.erase_withdrawn(today=self.day)
        entries.forget_ended_protections(today=self.day)
        for slot, kept in list(self.slots.items()):
            if kept.ended_on is not None and kept.ended_on <= self.day - MEMORY:
                del self.slots[slot]

    @invariant()
    def she_sees_what_she_should(self) -> None:
        """
        Every slot, the empty ones too.
        """
        seen = reads.slots([digest(slot) for slot in range(6)]).slots
        for slot, found in enumerate(seen):
            kept = self.slots.get(slot)
            if kept is None:
                assert found.state == reads.EMPTY
                continue
            assert (found.state, found.ends_on, found.note) == (
                kept.state,
                kept.ends_on,
                kept.note,
            )
            is_withdrawn = kept.state == ProtectionState.WITHDRAWN
            assert found.withdrawn_on == (kept.ended_on if is_withdrawn else None)

    @invariant()
    def list_holds_what_is_protected(self) -> None:
        """
        No protection is there twice; the log has no gap; an entry is listed while it should be.
        """
        own = Protection.objects.filter(token_digest__in=[digest(slot) for slot in range(6)])
        assert own.count() == len(self.slots)
        numbers = list(Change.objects.order_by("seq").values_list("seq", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        told = Protection.objects.filter(listed_seq__isnull=False, ended_seq__isnull=True)
        listed = Entry.objects.filter(state=EntryState.LISTED)
        assert set(listed.values_list("id", flat=True)) == set(
            told.values_list("entry_id", flat=True)
        )

    def _send(self) -> None:
        assert self.last is not None
        items, years, note = self.last
        requests = [Request(digest(slot), PICTURES[picture], 100, note) for slot, picture in items]
        if all(self._is_free_or_same(slot, picture) for slot, picture in items):
            protections.protect(requests, years=years, on=self.day)
        else:
            with pytest.raises(TokenTaken):
                protections.protect(requests, years=years, on=self.day)
            return
        until = ends_on(self.day, years=years)
        for slot, picture in items:
            new = Kept(picture, ProtectionState.RECEIVED, until, None, note)
            self.slots.setdefault(slot, new)

    def _is_free_or_same(self, slot: int, picture: int) -> bool:
        kept = self.slots.get(slot)
        return kept is None or (kept.is_live and kept.picture == picture)

    def _live(self) -> set[int]:
        return {slot for slot, kept in self.slots.items() if kept.is_live}

    def _end(self, slot: int, state: ProtectionState) -> None:
        self.slots[slot] = self.slots[slot]._replace(state=state, ended_on=self.day)


@pytest.mark.django_db
def test_case_is_what_a_dictionary_says() -> None:
    """
    Many lives of thirty moves each.
    """
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
