"""
What the database holds, and what nobody can read out of it.
"""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from pytest_django import Settings

from tegenbeeld.server.actions.publication import publish
from tegenbeeld.server.jobs.clock import Clock
from tegenbeeld.server.records.models import Change, Protection, Subscription
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

EVERY_FIELD = {
    "Acknowledgement": "about a platform",
    "AuditEvent": "about staff",
    "Change": "about a hash, in the order of the log, by day",
    "Entry": "about a hash",
    "Finding": "about one protection, by day",
    "LogHead": "a counter",
    "NewsRound": "a day for everybody",
    "Partner": "about a platform",
    "PartnerFeedback": "about a hash and a platform, by day",
    "PartnerKey": "about a platform",
    "Protection": "about one hash and one token, by day",
    "Subscription": "about one protection, by day, with an address that is sealed anew in each",
}

PROTECTION_FIELDS = {
    "id",
    "token_digest",
    "entry",
    "provenance",
    "contributor",
    "state",
    "created_on",
    "ends_on",
    "ended_on",
    "listed_seq",
    "ended_seq",
    "note",
}
"""
Adding a field here is a decision: could it tell which protections belong to one person?
"""


def test_every_table_is_accounted_for() -> None:
    """
    A new table fails until somebody writes down what it is about.
    """
    assert {model.__name__ for model in apps.get_models()} == set(EVERY_FIELD)


def test_protection_holds_these_fields_and_no_others() -> None:
    """
    No case, no address, no browser, no file, no time of day.
    """
    fields = Protection._meta.get_fields()
    assert {field.name for field in fields if not field.auto_created} == PROTECTION_FIELDS


def test_nothing_is_kept_more_exactly_than_by_the_day() -> None:
    """
    No column of any table holds a time.
    """
    kinds = {
        field.get_internal_type()
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if hasattr(field, "get_internal_type")
    }
    assert not kinds & {"DateTimeField", "TimeField", "DurationField", "GenericIPAddressField"}


@pytest.mark.django_db(transaction=True)
def test_files_hold_no_hash_and_no_token() -> None:
    """
    The bytes of the database and its journal hold neither hashes nor tokens, in any notation.
    """
    partner, person, texts = Partner(), Person(), [random_hash() for _ in range(5)]
    person.protect(*texts)
    publish(on=DAY)
    person.read()
    partner.changes()
    person.withdraw(0)
    publish(on=DAY)
    stored = b"".join(
        path.read_bytes() for path in Path(settings.DATA).glob("test.sqlite3*") if path.is_file()
    )
    assert len(stored) > 50_000
    secrets_in_clear = [bytes.fromhex(text) for text in texts] + person.tokens
    for secret in secrets_in_clear:
        assert secret not in stored
        assert secret.hex().encode() not in stored
    for key in partner.keys.values():
        assert key.encode() not in stored


@pytest.mark.django_db(transaction=True)
def test_one_address_looks_different_in_each_row(settings: Settings) -> None:
    """
    Without the key file nobody reads an address, or sees which protections have the same one.
    """
    settings.MAIL_SERVER = "any"
    address = "ann@example.org"
    person = Person()
    person.protect(*[random_hash() for _ in range(20)])
    assert person.ask_for_news(address, *range(20)).status_code == 200
    assert person.ask_for_news("b@example.org", 0).status_code == 200
    sealed = [bytes(row) for row in Subscription.objects.values_list("address_sealed", flat=True)]
    assert len(set(sealed)) == 20
    assert {len(each) for each in sealed} == {12 + 254 + 16}
    pieces = Counter(each[at : at + 8] for each in sealed for at in range(len(each) - 7))
    assert max(pieces.values()) == 1
    publish(on=DAY)
    Clock(publish_every_seconds=1, mix_seconds=0, mail_hours=range(24)).tick(
        datetime(2026, 11, 23, tzinfo=UTC)
    )
    for path in Path(settings.DATA).glob("test.sqlite3*"):
        assert address.encode() not in path.read_bytes()


@pytest.mark.django_db(transaction=True)
def test_rows_lie_in_random_order() -> None:
    """
    The place of a row in the file says nothing about when it came.
    """
    person = Person()
    person.protect(*[random_hash() for _ in range(32)])
    with connection.cursor() as cursor:
        cursor.execute("select rowid, id from records_protection order by rowid")
        rows = cursor.fetchall()
    assert all(rowid == number for rowid, number in rows)
    assert max(number for _, number in rows) > 2**50


@pytest.mark.django_db(transaction=True)
def test_journal_is_emptied_so_that_it_groups_nothing() -> None:
    """
    The write-ahead log keeps what came in one request together; each round cuts it to nothing.
    """
    journal = Path(f"{connection.settings_dict['NAME']}-wal")
    Person().protect(random_hash(), random_hash())
    assert journal.stat().st_size > 0
    Clock(publish_every_seconds=1, mix_seconds=0, mail_hours=range(24)).tick(
        datetime(2026, 11, 23, tzinfo=UTC)
    )
    assert journal.stat().st_size == 0


@pytest.mark.django_db
def test_log_mixes_people_who_come_together() -> None:
    """
    Neighbours in the log belong to one person no more often than chance has it.
    """
    people, pictures = 40, 5
    owners: dict[str, int] = {}
    for number in range(people):
        person = Person()
        person.protect(*[random_hash() for _ in range(pictures)])
        owners |= {person.digest(slot): number for slot in range(pictures)}
    publish(on=DAY)
    order = [
        owners[bytes(digest).hex()]
        for digest in Protection.objects.order_by("listed_seq").values_list(
            "token_digest", flat=True
        )
    ]
    neighbours = sum(a == b for a, b in pairwise(order))
    # By chance 4 of 199 pairs; in the order of arrival 160. Thirty is far from both.
    assert Counter(order) == dict.fromkeys(range(people), pictures)
    assert neighbours < 30


@pytest.mark.django_db
def test_log_keeps_the_day_only() -> None:
    """
    The log's clock counts places within the day; it does not tell the hour.
    """
    Person().protect(random_hash(), random_hash())
    publish(on=DAY)
    stamps = list(Change.objects.order_by("seq").values_list("stamp", flat=True))
    assert [stamp % 86_400 for stamp in stamps] == [0, 1]


@pytest.mark.django_db
def test_connection_deletes_securely_and_syncs_fully() -> None:
    """
    Deleted values are overwritten, and acknowledged ones survive a power cut.
    """
    with connection.cursor() as cursor:
        found = {}
        for pragma in ("secure_delete", "synchronous", "foreign_keys", "journal_mode"):
            cursor.execute(f"pragma {pragma}")
            found[pragma] = cursor.fetchone()[0]
    assert found == {
        "secure_delete": 1,
        "synchronous": 2,
        "foreign_keys": 1,
        "journal_mode": "wal",
    }
