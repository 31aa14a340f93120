"""
What a person does to what she has protected, and how it stands at each platform.
"""

from datetime import date, timedelta
from typing import Any

import pytest

from tegenbeeld.casework.case import SLOTS
from tegenbeeld.server.actions import expiry
from tegenbeeld.server.actions.publication import publish
from tegenbeeld.server.calendar import today
from testing.partners import DAY, Partner
from testing.people import Person, random_hash, random_note
from testing.videos import random_frames

pytestmark = pytest.mark.django_db

MD5 = "0123456789abcdef" * 2


def status(person: Person, slot: int = 0, platform: int = 0) -> str:
    """
    How one slot stands at one platform.
    """
    view: dict[str, Any] = person.read()[slot]["platforms"][platform]
    return str(view["status"])


def test_protect_when_code_has_protections_already_adds_to_them() -> None:
    """
    More pictures later, up to the last slot, with the same code.
    """
    person = Person()
    person.protect(random_hash(), random_hash())
    more = [person.protection(slot, random_hash()) for slot in range(2, SLOTS)]
    assert person.post("protect", {"protections": more}).status_code == 200
    assert {slot["state"] for slot in person.read()} == {"received"}


def test_protect_when_sent_again_changes_nothing_and_answers_the_same() -> None:
    """
    Also in part, with another note and term: the first stay, and nothing is there twice.
    """
    person, texts, note = Person(), [random_hash() for _ in range(3)], random_note()
    items = [person.protection(slot, text, note=note) for slot, text in enumerate(texts)]
    first = person.post("protect", {"protections": items[:2], "years": 1})
    before = person.read()[:2]
    again = [item | {"note": random_note()} for item in items[:2]]
    second = person.post("protect", {"protections": again, "years": 5})
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert person.read()[:2] == before
    assert person.post("protect", {"protections": items}).status_code == 200
    assert [slot["state"] for slot in person.read()[:4]] == ["received"] * 3 + ["empty"]
    assert publish(on=DAY) == 3


@pytest.mark.parametrize("is_known", [False, True])
def test_protect_when_slot_holds_something_else_is_refused_whole(*, is_known: bool) -> None:
    """
    409 with words, nothing of the request stored, whether or not the other hash is on the list.
    """
    person, other = Person(), random_hash()
    if is_known:
        Person().protect(other)
    person.protect(random_hash())
    items = [person.protection(0, other), person.protection(1, random_hash())]
    response = person.post("protect", {"protections": items})
    assert response.status_code == 409
    assert "new code" in response.json()["error"]["message"]
    assert person.read()[1]["state"] == "empty"


def test_protect_when_slot_has_ended_is_refused_for_the_same_hash_too() -> None:
    """
    What was withdrawn does not come back by a repeated request.
    """
    person, text = Person(), random_hash()
    person.protect(text)
    person.withdraw(0)
    assert person.protect(text).status_code == 409
    assert person.read()[0]["state"] == "withdrawn"


@pytest.mark.parametrize("years", [0, 3, 10, -1, "5", 1.5, None])
def test_term_when_not_offered_is_refused(years: object) -> None:
    """
    1, 2 or 5 years, and nothing else, both to protect and to renew.
    """
    person = Person()
    assert person.protect(random_hash(), years=years).status_code == 400
    tokens = [token.hex() for token in person.tokens]
    assert person.post("renew", {"tokens": tokens, "years": years}).status_code == 400
    assert person.read()[0]["state"] == "empty"


@pytest.mark.parametrize("years", [1, 2, 5])
def test_term_is_full_and_ends_on_the_first_of_a_month(years: int) -> None:
    """
    At least the years that were asked for, at most a month more.
    """
    person = Person()
    person.protect(random_hash(), years=years)
    ends_on = date.fromisoformat(person.read()[0]["ends_on"])
    assert ends_on.day == 1
    assert timedelta(0) < ends_on - today() - timedelta(days=365 * years) <= timedelta(days=33)


def test_renew_when_live_lasts_longer_and_never_less() -> None:
    """
    From today; one that lasts longer already, an ended one and an unknown one stay as they are.
    """
    person, texts = Person(), [random_hash() for _ in range(3)]
    person.protect(*texts, years=2)
    publish(on=DAY)
    person.withdraw(2)
    before = [slot["ends_on"] for slot in person.read()[:3]]
    answers = [person.renew(0, 2, 5, years=5), person.renew(1, years=1), person.renew(years=1)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"{}")}
    after = [slot["ends_on"] for slot in person.read()[:3]]
    assert after[0] > before[0]
    assert after[1:] == before[1:]
    assert expiry.expire(today=date.fromisoformat(before[0])) == 1
    states = [slot["state"] for slot in person.read()[:3]]
    assert states == ["listed", "expired", "withdrawn"]


def test_label_when_changed_replaces_that_note_only() -> None:
    """
    Also of what has ended; dummies and tokens of nothing change nothing, and all look the same.
    """
    person, notes = Person(), [random_note() for _ in range(3)]
    items = [person.protection(slot, random_hash(), note=notes[slot]) for slot in range(2)]
    person.post("protect", {"protections": items})
    person.withdraw(1)
    answers = [person.label({1: notes[2], 7: random_note()}), person.label({})]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"{}")}
    assert [slot["note"] for slot in person.read()[:3]] == [notes[0], notes[2], None]


@pytest.mark.parametrize("note", ["", "A" * 123, "A" * 125, "A" * 123 + "=", "A" * 123 + "-", 7])
def test_note_when_of_another_length_or_alphabet_is_refused(note: object) -> None:
    """
    So no note can be told from another, and none can carry more than its 64 bytes.
    """
    person = Person()
    item = person.protection(0, random_hash(), note=note)
    assert person.post("protect", {"protections": [item]}).status_code == 400
    notes = [note, *[random_note() for _ in range(SLOTS - 1)]]
    tokens = [token.hex() for token in person.tokens]
    assert person.post("label", {"tokens": tokens, "notes": notes}).status_code == 400


def test_label_when_notes_are_not_as_many_as_slots_is_refused() -> None:
    """
    The length of the request says nothing of how many notes are changed.
    """
    person = Person()
    tokens = [token.hex() for token in person.tokens]
    for count in (0, 1, SLOTS - 1, SLOTS + 1):
        message = {"tokens": tokens, "notes": [random_note() for _ in range(count)]}
        assert person.post("label", message).status_code == 400


def test_status_follows_a_protection_from_its_start_to_its_end() -> None:
    """
    Waiting, delivered, checked, blocked, not covered, ending, ended: each with its day.
    """
    partner, person = Partner(on=today()), Person()
    person.protect(random_hash())
    publish(on=DAY)
    assert status(person) == "waiting"
    identifier = partner.changes()["changes"][0]["id"]
    partner.acknowledge(1)
    assert status(person) == "delivered"
    for value, expected in (
        ("pending_review", "checking"),
        ("not_blocked", "not_covered"),
        ("blocked", "blocked"),
        ("pending_review", "checking"),
    ):
        partner.say(identifier, value)
        assert status(person) == expected
    assert person.read()[0]["platforms"][0]["stopped_on"] == today().isoformat()
    person.withdraw(0)
    assert status(person) == "ending"
    publish(on=DAY)
    assert status(person) == "ending"
    partner.acknowledge(2)
    assert status(person) == "ended"
    view = person.read()[0]["platforms"][0]
    assert view["withdrawal_confirmed_on"] == today().isoformat()
    assert (view["finding"], view["stopped_on"]) == ("pending_review", today().isoformat())


def test_status_when_ended_before_anybody_was_told_asks_for_no_confirmation() -> None:
    """
    Nothing is missing where nothing was ever sent; a slot of nothing has no status.
    """
    Partner(on=today())
    person = Person()
    person.protect(random_hash())
    person.withdraw(0)
    publish(on=DAY)
    assert status(person) == "never_had"
    assert person.read()[1]["platforms"][0]["status"] is None


def test_status_when_platform_joined_after_the_end_does_not_concern_it() -> None:
    """
    Also once it has read the log past the end.
    """
    person = Person()
    person.protect(random_hash())
    publish(on=DAY)
    person.withdraw(0)
    publish(on=DAY)
    late = Partner(on=today() + timedelta(days=1))
    assert status(person) == "not_concerned"
    late.acknowledge(2)
    assert status(person) == "not_concerned"


def test_matching_says_what_a_platform_got() -> None:
    """
    Through the StopNCII-compatible door a video is its file only; a picture is the same everywhere.
    """
    native, stopncii, person = Partner("A"), Partner("B"), Person()
    frames = random_frames()
    items = [
        person.protection(0, random_hash()),
        _video(person, 1, signal_type="video_md5"),
        _video(person, 2, signal_type="vpdq", hash="fedcba9876543210" * 2, frames=frames),
    ]
    response = person.post("protect", {"protections": items})
    assert response.status_code == 200, response.content
    publish(on=DAY)
    kinds = [slot["signal_type"] for slot in person.read()[:4]]
    assert kinds == ["pdq", "video_md5", "vpdq", None]
    assert {view["matches"] for slot in person.read() for view in slot["platforms"]} == {None}
    native.acknowledge(3)
    stopncii.fetch(stopncii.fetch()["nextSetTimestamp"])
    found = [[view["matches"] for view in slot["platforms"]] for slot in person.read()[:4]]
    assert found == [["copies"] * 2, ["file"] * 2, ["copies", "file"], [None, None]]


def test_matching_when_platform_changes_to_the_door_with_frames_follows() -> None:
    """
    What it read without frames counts as a file until it has read that far with them.
    """
    partner, person = Partner(), Person()
    item = _video(person, 0, signal_type="vpdq", frames=random_frames())
    person.post("protect", {"protections": [item]})
    publish(on=DAY)
    partner.fetch(partner.fetch()["nextSetTimestamp"])
    listed_on = person.read()[0]["platforms"][0]["listed_on"]
    assert person.read()[0]["platforms"][0]["matches"] == "file"
    partner.acknowledge(1)
    view = person.read()[0]["platforms"][0]
    assert (view["matches"], view["listed_on"]) == ("copies", listed_on)


def test_answer_to_reading_is_as_long_for_nothing_as_for_everything() -> None:
    """
    Full slots with notes, terms, findings and ends, beside a code that protects nothing.
    """
    partner, full = Partner(on=today()), Person()
    items = [full.protection(slot, random_hash(), note=random_note()) for slot in range(SLOTS)]
    full.post("protect", {"protections": items})
    publish(on=DAY)
    partner.acknowledge(SLOTS)
    for change in partner.changes()["changes"]:
        partner.say(change["id"], "not_blocked")
    full.withdraw(*range(40))
    lengths = {
        len(person.post("read", {"tokens": [token.hex() for token in person.tokens]}).content)
        for person in (full, Person())
    }
    assert len(lengths) == 1


def _video(person: Person, slot: int, **more: Any) -> dict[str, Any]:
    item = person.protection(slot, MD5) | more
    del item["quality"]
    return item
