"""
Being told by e-mail: who asks, what makes news, when it is due, how it stops.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tegenbeeld.server.actions import expiry, news
from tegenbeeld.server.actions.publication import publish
from tegenbeeld.server.calendar import today
from tegenbeeld.server.jobs.clock import Clock
from tegenbeeld.server.jobs.smtp import MailServer
from tegenbeeld.server.records.models import Subscription
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
ADDRESS = "ann@example.org"


@pytest.fixture(autouse=True)
def _mail_server(settings: Settings) -> None:
    # The rounds begin on the day before, with nobody to tell.
    settings.MAIL_SERVER = MailServer("localhost", 25, is_tls=False, user=None, password=None)
    news.write(today=TODAY - timedelta(days=1))


def due(day: date = TODAY) -> list[str]:
    """
    Addresses that get a mail in the next round.
    """
    news.write(today=day)
    return sorted(mail.address for mail in news.due(today=day))


def identifier_of(text: str, partner: Partner) -> str:
    """
    By what name the platform knows a hash.
    """
    publish(on=DAY)
    changes = partner.changes()["changes"]
    return next(str(change["id"]) for change in changes if change["hash"] == text)


def subscribed(address: str | None = ADDRESS, **more: Any) -> tuple[Person, Partner, str]:
    """
    Somebody with one listed picture who asked to be told of it.
    """
    person, partner, text = Person(), Partner(), random_hash()
    person.protect(text)
    assert person.ask_for_news(address, 0, **more).status_code == 200
    return person, partner, identifier_of(text, partner)


def test_nobody_is_told_who_did_not_ask() -> None:
    """
    Protecting alone stores no address, and news go nowhere.
    """
    person, partner, text = Person(), Partner(), random_hash()
    person.protect(text)
    partner.say(identifier_of(text, partner), "blocked")
    assert due() == []
    assert not Subscription.objects.exists()


def test_news_are_due_once() -> None:
    """
    A finding makes one mail; the same finding again makes none.
    """
    _, partner, identifier = subscribed()
    assert due(TODAY - timedelta(days=1)) == []
    partner.say(identifier, "pending_review")
    partner.say(identifier, "pending_review")
    assert due(TODAY + timedelta(days=1)) == [ADDRESS]
    (mail,) = news.due(today=TODAY)
    assert mail.language == "nl"
    news.sent(mail)
    partner.say(identifier, "pending_review")
    assert due(TODAY + timedelta(days=2)) == []
    partner.say(identifier, "blocked")
    assert due(TODAY + timedelta(days=3)) == [ADDRESS]


def test_one_address_gets_one_mail_whatever_it_is_of() -> None:
    """
    Several pictures, and several codes, but one mail; the domain in capitals is the same.
    """
    partner = Partner()
    for address in (ADDRESS, "ann@EXAMPLE.org"):
        person, texts = Person(), [random_hash(), random_hash()]
        person.protect(*texts)
        person.ask_for_news(address, 0, 1)
        for text in texts:
            partner.say(identifier_of(text, partner), "blocked")
    assert due() == [ADDRESS]
    (mail,) = news.due(today=TODAY)
    assert len(mail.rows) == 4


@pytest.mark.parametrize(
    ("rhythm", "days"),
    [("daily", [24, 25, 26]), ("weekly", [30]), ("monthly", [31])],
)
def test_nobody_is_told_more_often_than_she_chose(rhythm: str, days: list[int]) -> None:
    """
    With news every day from Tuesday 24 November: on which days of the next seven a mail is due.
    """
    _, partner, identifier = subscribed(rhythm=rhythm)
    told = []
    for number in range(8):
        value = "blocked" if number % 2 else "not_blocked"
        partner.say(identifier, value)
        day = TODAY + timedelta(days=number)
        for _ in range(3):
            if due(day):
                told.append(24 + number)
                news.sent(news.due(today=day)[0])
    assert told[: len(days)] == days
    assert len(told) == len(set(told))


def test_nothing_is_written_at_night() -> None:
    """
    A phone that lights up at two in the morning is noticed.
    """
    _, partner, identifier = subscribed()
    partner.say(identifier, "blocked")
    clock = Clock(publish_every_seconds=1, mix_seconds=0, mail_hours=range(8, 20))
    told = []
    for hour in (0, 7, 20, 23, 8):
        clock.tick(datetime(2026, 11, 24, hour, tzinfo=UTC))
        told.append(len(news.due(today=TODAY)))
    assert told == [0, 0, 0, 0, 1]


def test_news_that_come_while_a_mail_is_on_its_way_are_told_too() -> None:
    """
    Between handing in yesterday's mail and striking it off, today's round marks the same row.
    """
    _, partner, identifier = subscribed()
    partner.say(identifier, "pending_review")
    assert due() == [ADDRESS]
    (yesterday,) = news.due(today=TODAY)
    partner.say(identifier, "blocked")
    news.write(today=TODAY + timedelta(days=1))
    news.sent(yesterday)
    assert due(TODAY + timedelta(days=1)) == [ADDRESS]


def test_round_that_was_missed_is_held_later() -> None:
    """
    The node was off on Monday; on Thursday everybody gets what was due.
    """
    _, partner, identifier = subscribed(rhythm="weekly")
    partner.say(identifier, "blocked")
    assert due(date(2026, 12, 3)) == [ADDRESS]


def test_end_that_comes_near_is_news_once_and_again_after_renewing() -> None:
    """
    A month before; not the day after that; and again a month before the new end.
    """
    person = Person()
    person.protect(random_hash(), years=1)
    person.ask_for_news(ADDRESS, 0)
    end = date.fromisoformat(person.read()[0]["ends_on"])
    assert news.announce_ends(today=end - timedelta(days=32)) == 0
    assert news.announce_ends(today=end - timedelta(days=31)) == 1
    assert news.announce_ends(today=end - timedelta(days=30)) == 0
    person.renew(0, years=2)
    assert news.announce_ends(today=end) == 0
    later = date.fromisoformat(person.read()[0]["ends_on"])
    assert news.announce_ends(today=later - timedelta(days=31)) == 1


def test_address_goes_with_the_protection() -> None:
    """
    Withdrawn or run out: the address is gone at once, with the mail that waited.
    """
    person, partner, identifier = subscribed()
    partner.say(identifier, "blocked")
    assert due() == [ADDRESS]
    person.withdraw(0)
    assert news.due(today=TODAY) == []
    assert not Subscription.objects.exists()
    subscribed_too = Person()
    subscribed_too.protect(random_hash(), years=1)
    subscribed_too.ask_for_news(ADDRESS, 0)
    expiry.expire(today=today() + timedelta(days=800))
    assert not Subscription.objects.exists()


def test_last_wish_counts() -> None:
    """
    Another address or rhythm replaces the first; none takes it away. She can see which it is.
    """
    person, _, _ = subscribed()
    assert person.read()[0]["news"] == "daily"
    assert person.read()[1]["news"] is None
    person.ask_for_news("other@example.org", 0, rhythm="monthly")
    assert person.read()[0]["news"] == "monthly"
    assert Subscription.objects.count() == 1
    person.ask_for_news(None, 0)
    assert person.read()[0]["news"] is None
    assert not Subscription.objects.exists()


def test_answer_says_nothing() -> None:
    """
    A code that holds much, one that holds nothing, and one that has ended get the same answer.
    """
    person, _, _ = subscribed()
    first = person.ask_for_news(ADDRESS, 0)
    empty = Person().ask_for_news(ADDRESS, 0)
    person.withdraw(0)
    ended = person.ask_for_news(ADDRESS, 0)
    stopping = person.ask_for_news(None, 0)
    answers = {(each.status_code, each.content) for each in (first, empty, ended, stopping)}
    assert answers == {(200, b"{}")}
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        *("", "ann", "ann@", "@example.org", "ann@example", "a n@example.org", "ann@exa mple.org"),
        *("ann@example.org\nBcc: b@example.org", "ann@example.org\r\n", '"a b"@example.org'),
        *("ann@example.org,bea@example.org", "Ann <ann@example.org>", "änn@example.org"),
        "a" * 65 + "@" + "b" * 190 + ".org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """
    400 with words, and nothing stored: nothing can be smuggled into a mail's head.
    """
    person = Person()
    person.protect(random_hash())
    response = person.ask_for_news(address, 0)
    assert response.status_code == 400
    assert "address" in response.json()["error"]["message"]
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "more",
    [{"rhythm": "hourly"}, {"language": "xx"}, {"tokens": []}, {"padding": "1"}, {"name": "Ann"}],
)
def test_what_is_no_wish_is_refused(more: dict[str, Any]) -> None:
    """
    Only what is named, and all tokens, always.
    """
    message = {"tokens": ["00" * 32] * 128, "language": "nl", "rhythm": "daily"}
    assert Person().post("news", message).status_code == 200
    assert Person().post("news", message | more).status_code == 400


def test_node_without_a_mail_server_offers_none(settings: Settings) -> None:
    """
    404, so that nobody believes that she will be told.
    """
    settings.MAIL_SERVER = None
    assert Person().ask_for_news(ADDRESS, 0).status_code == 404


def test_link_stops_all_mails_to_an_address_and_to_no_other() -> None:
    """
    Opening it changes nothing; the button deletes the address under every code, also unsent.
    """
    for address in (ADDRESS, ADDRESS, "bea@example.org"):
        person, partner = Person(), Partner(f"Platform {random_hash()}")
        text = random_hash()
        person.protect(text)
        person.ask_for_news(address, 0)
        partner.say(identifier_of(text, partner), "blocked")
    assert due() == [ADDRESS, "bea@example.org"]
    mail = next(each for each in news.due(today=TODAY) if each.address == ADDRESS)
    link = f"/fr/stop/{mail.stop_token}"
    assert b"<form" in Client().get(link).content
    assert Subscription.objects.count() == 3
    one_click = {"List-Unsubscribe": "One-Click"}
    first = Client().post(link, one_click)
    assert first.status_code == 200
    assert b"<form" not in first.content
    assert [each.address for each in news.due(today=TODAY)] == ["bea@example.org"]
    assert Subscription.objects.count() == 1
    again = Client().post(link)
    assert (again.status_code, again.content) == (first.status_code, first.content)


@pytest.mark.parametrize(
    "token", ["x", "a" * 32, "a" * 31 + "é", "a" * 31 + "1", "-" * 400, "a" * 40]
)
def test_link_that_is_broken_says_so(token: str) -> None:
    """
    Words and a 404; no address is deleted, and none is looked at.
    """
    subscribed()
    response = Client().post(f"/en/stop/{token}")
    assert response.status_code == 404
    assert "not complete" in response.content.decode()
    assert Subscription.objects.count() == 1
