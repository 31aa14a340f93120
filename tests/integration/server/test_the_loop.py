"""
From a person's request to what a platform reads, and back.
"""

from datetime import date, timedelta

import pytest

from tegenbeeld.server.actions import entries, expiry
from tegenbeeld.server.actions.publication import publish
from tegenbeeld.server.reads.partners import names
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

pytestmark = pytest.mark.django_db


def test_protect_when_published_reaches_a_partner() -> None:
    """
    A protected hash becomes one `add` with its value and quality.
    """
    partner, person, text = Partner(), Person(), random_hash()
    assert person.protect(text).json() == {"received": 1}
    assert partner.changes()["changes"] == []
    publish(on=DAY)
    page = partner.changes()
    (change,) = page["changes"]
    assert (change["kind"], change["hash"], change["quality"]) == ("add", text, 100)
    assert (page["next"], page["head"], page["more"]) == (1, 1, False)


def test_read_when_partner_acknowledged_names_it_with_the_day() -> None:
    """
    A person sees a platform once it has stored her hash, not before.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    assert person.read()[0]["platforms"][0]["listed_on"] is None
    assert partner.acknowledge(1) == {"through": 1}
    slot = person.read()[0]
    assert slot["state"] == "listed"
    assert slot["platforms"][0]["name"] == partner.name
    assert date.fromisoformat(slot["platforms"][0]["listed_on"])


def test_feedback_when_given_is_seen_by_the_person() -> None:
    """
    What a platform says of a match shows with its name and date, and the latest word counts.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    identifier = partner.changes()["changes"][0]["id"]
    assert partner.say(identifier, "pending_review") == {"recorded": 1, "unknown": []}
    assert person.read()[0]["platforms"][0]["finding"] == "pending_review"
    partner.say(identifier, "blocked")
    view = person.read()[0]["platforms"][0]
    assert view["finding"] == "blocked"
    assert date.fromisoformat(view["found_on"])


def test_feedback_when_another_copy_is_let_through_still_tells_that_one_was_stopped() -> None:
    """
    A later word about another copy does not hide that a copy was stopped.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    identifier = partner.changes()["changes"][0]["id"]
    for value in ("blocked", "pending_review", "not_blocked"):
        partner.say(identifier, value)
    view = person.read()[0]["platforms"][0]
    assert view["finding"] == "not_blocked"
    assert view["stopped_on"] is not None


def test_platform_when_it_joins_after_the_end_is_not_concerned() -> None:
    """
    A platform that never had a hash is not said to have given it up.
    """
    person = Person()
    person.protect(random_hash())
    publish(on=DAY)
    person.withdraw(0)
    publish(on=DAY)
    ended_on = date.fromisoformat(person.read()[0]["withdrawn_on"])
    late = Partner("Late", on=ended_on + timedelta(days=1))
    late.acknowledge(2)
    assert person.read()[0]["platforms"][0]["status"] == "not_concerned"


def test_names_when_a_platform_has_not_connected_leave_it_out() -> None:
    """
    People are promised nothing in the name of a platform that has never stored the list.
    """
    Person().protect(random_hash())
    publish(on=DAY)
    partner = Partner("Platform A")
    assert names() == []
    partner.acknowledge(1)
    assert names() == ["Platform A"]


def test_feedback_when_id_is_another_partners_is_unknown() -> None:
    """
    A partner knows an entry by a number of its own; another's number opens nothing.
    """
    first, second = Partner("First"), Partner("Second")
    Person().protect(random_hash())
    publish(on=DAY)
    identifier = first.changes()["changes"][0]["id"]
    assert identifier != second.changes()["changes"][0]["id"]
    assert second.say(identifier, "blocked") == {"recorded": 0, "unknown": [identifier]}


def test_withdraw_when_last_tells_partners_and_waits_for_their_word() -> None:
    """
    The hash leaves the list, and the person sees who has confirmed it.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    partner.acknowledge(1)
    assert person.withdraw(0).json() == {}
    publish(on=DAY)
    added, withdrawn = partner.changes()["changes"]
    assert (added["kind"], added["hash"]) == ("add", None)
    assert (withdrawn["kind"], withdrawn["hash"]) == ("withdraw", None)
    assert added["id"] == withdrawn["id"]
    slot = person.read()[0]
    assert slot["state"] == "withdrawn"
    assert slot["platforms"][0]["withdrawal_confirmed_on"] is None
    partner.acknowledge(2)
    assert person.read()[0]["platforms"][0]["withdrawal_confirmed_on"] is not None


def test_withdraw_when_another_protects_too_keeps_the_hash() -> None:
    """
    One person's withdrawal takes nothing from another, and each move is one change.
    """
    partner, first, second, text = Partner(), Person(), Person(), random_hash()
    first.protect(text)
    publish(on=DAY)
    second.protect(text)
    publish(on=DAY)
    first.withdraw(0)
    publish(on=DAY)
    changes = partner.changes()["changes"]
    assert [change["kind"] for change in changes] == ["add", "add", "add"]
    assert {change["hash"] for change in changes} == {text}
    assert first.read()[0]["state"] == "withdrawn"
    assert second.read()[0]["state"] == "listed"
    second.withdraw(0)
    publish(on=DAY)
    assert partner.changes(after=3)["changes"][0]["kind"] == "withdraw"


def test_withdraw_when_both_leave_in_one_round_ends_the_entry() -> None:
    """
    Two endings of one hash in the same publication leave it withdrawn, not listed.
    """
    partner, first, second, text = Partner(), Person(), Person(), random_hash()
    first.protect(text)
    second.protect(text)
    publish(on=DAY)
    first.withdraw(0)
    second.withdraw(0)
    publish(on=DAY)
    assert [c["kind"] for c in partner.changes(after=2)["changes"]] == ["withdraw", "withdraw"]
    assert partner.fetch(11)["hashRecords"][0]["hashStatus"] == "Withdrawn"


def test_withdraw_when_someone_protects_in_the_same_round_keeps_the_hash() -> None:
    """
    An ending and a new protection of one hash in the same publication leave it listed.
    """
    partner, first, second, text = Partner(), Person(), Person(), random_hash()
    first.protect(text)
    publish(on=DAY)
    first.withdraw(0)
    second.protect(text)
    publish(on=DAY)
    assert [c["kind"] for c in partner.changes(after=1)["changes"]] == ["withdraw", "add"]
    assert partner.fetch()["hashRecords"][0]["hashStatus"] == "Active"


def test_withdraw_when_not_published_yet_leaves_no_trace() -> None:
    """
    A hash that nobody was told of is erased at the next round and never enters the log.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    person.withdraw(0)
    assert publish(on=DAY) == 0
    assert entries.erase_unlisted() == 1
    assert entries.erase_unlisted() == 0
    assert partner.changes()["head"] == 0
    assert person.read()[0]["state"] == "withdrawn"


def test_ending_when_a_person_remains_tells_her_provenance() -> None:
    """
    A platform that takes back its own contribution leaves a hash that is the person's alone.
    """
    partner, person, text = Partner(), Person(), random_hash()
    partner.submit_hashes({"hashRecords": [{"signalType": "ImagePDQ", "hashValue": text}]})
    publish(on=DAY)
    person.protect(text)
    publish(on=DAY)
    partner.submit_feedback({"hashFeedbacks": [{"feedbackValue": "Withdrawn", "hashValue": text}]})
    publish(on=DAY)
    changes = partner.changes()["changes"]
    assert [change["kind"] for change in changes] == ["add", "add", "add"]
    assert [change["provenance"] for change in changes] == ["partner", "self", "self"]


def test_feedback_when_erased_is_unknown() -> None:
    """
    Nothing is written about a hash whose value is gone.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    identifier = partner.changes()["changes"][0]["id"]
    person.withdraw(0)
    publish(on=DAY)
    entries.erase_withdrawn(today=DAY + timedelta(days=40))
    assert partner.say(identifier, "blocked") == {"recorded": 0, "unknown": [identifier]}


def test_protect_again_after_withdrawal_lists_the_hash_again() -> None:
    """
    A hash that was withdrawn can be protected anew, under the same number.
    """
    partner, first, second, text = Partner(), Person(), Person(), random_hash()
    first.protect(text)
    publish(on=DAY)
    first.withdraw(0)
    publish(on=DAY)
    second.protect(text)
    publish(on=DAY)
    changes = partner.changes()["changes"]
    assert [change["kind"] for change in changes] == ["add", "withdraw", "add"]
    assert len({change["id"] for change in changes}) == 1


def test_protect_when_repeated_changes_nothing() -> None:
    """
    A browser that asks again after a broken connection makes no second protection.
    """
    partner, person, text = Partner(), Person(), random_hash()
    person.protect(text)
    assert person.protect(text).status_code == 200
    publish(on=DAY)
    assert partner.changes()["head"] == 1


def test_protect_when_token_stands_for_another_hash_is_refused_whole() -> None:
    """
    A token is never moved to another hash, and nothing of that request is stored.
    """
    partner, person, text = Partner(), Person(), random_hash()
    person.protect(text)
    response = person.post(
        "protect",
        {
            "protections": [
                person.protection(1, random_hash()),
                person.protection(0, random_hash()),
            ]
        },
    )
    assert response.status_code == 409
    publish(on=DAY)
    assert partner.changes()["head"] == 1
    assert person.read()[1]["state"] == "empty"


def test_protection_when_made_later_sees_nothing_of_before() -> None:
    """
    Feedback, and what platforms had stored, from before one's own protection stay unseen.
    """
    partner, first, second, text = Partner(), Person(), Person(), random_hash()
    first.protect(text)
    publish(on=DAY)
    partner.acknowledge(1)
    partner.say(partner.changes()["changes"][0]["id"], "blocked")
    second.protect(text)
    publish(on=DAY)
    view = second.read()[0]["platforms"][0]
    assert view["finding"] is None
    assert view["listed_on"] is None
    partner.acknowledge(2)
    assert second.read()[0]["platforms"][0]["listed_on"] is not None


def test_expire_when_term_ends_withdraws_the_hash() -> None:
    """
    After its term a protection ends like a withdrawn one.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    ends_on = date.fromisoformat(person.read()[0]["ends_on"])
    assert expiry.expire(today=ends_on - timedelta(days=1)) == 0
    assert expiry.expire(today=ends_on) == 1
    publish(on=ends_on)
    assert partner.changes(after=1)["changes"][0]["kind"] == "withdraw"
    assert person.read()[0]["state"] == "expired"


def test_erase_when_tombstone_is_old_removes_the_value() -> None:
    """
    35 days after the withdrawal the value is gone from the node and from the door.
    """
    partner, person = Partner(), Person()
    person.protect(random_hash())
    publish(on=DAY)
    person.withdraw(0)
    publish(on=DAY)
    assert entries.erase_withdrawn(today=DAY + timedelta(days=34)) == 0
    assert len(partner.fetch(11)["hashRecords"]) == 1
    assert entries.erase_withdrawn(today=DAY + timedelta(days=35)) == 1
    assert partner.fetch(10)["hashRecords"] == []
    assert partner.fetch(11)["error"]["code"] == "cursor_too_old"
    assert partner.changes()["changes"][1]["kind"] == "withdraw"


def test_forget_when_ended_long_ago_deletes_the_protection() -> None:
    """
    180 days after its end, nothing is left under the code.
    """
    person = Person()
    person.protect(random_hash())
    publish(on=DAY)
    person.withdraw(0)
    publish(on=DAY)
    ended_on = date.fromisoformat(person.read()[0]["withdrawn_on"])
    assert entries.forget_ended_protections(today=ended_on + timedelta(days=179)) == 0
    assert entries.forget_ended_protections(today=ended_on + timedelta(days=180)) == 1
    assert person.read()[0]["state"] == "empty"
