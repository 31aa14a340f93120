"""
The native API: pages, limits, refusals, and its own description.
"""

import msgspec
import pytest
from django.test import Client

from tegenbeeld.server.actions.publication import publish
from tegenbeeld.wire import native
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

pytestmark = pytest.mark.django_db


def listed(count: int) -> list[str]:
    """
    Some hashes on the list, in the order of the log.
    """
    Person().protect(*[random_hash() for _ in range(count)])
    publish(on=DAY)
    return [change["hash"] for change in Partner("Reader").changes()["changes"]]


@pytest.mark.parametrize("limit", [1, 2, 7, 1000])
def test_changes_in_pages_give_each_once_without_gaps(limit: int) -> None:
    """
    Whatever the page size, the cursor walks over every place once.
    """
    listed(7)
    partner, cursor, seqs = Partner(), 0, []
    while True:
        page = partner.changes(after=cursor, limit=limit)
        assert msgspec.convert(page, native.ChangePage)
        seqs += [change["seq"] for change in page["changes"]]
        cursor = page["next"]
        if not page["more"]:
            break
    assert seqs == list(range(1, 8))


@pytest.mark.parametrize(
    "query", [{"after": "x"}, {"after": "-1"}, {"limit": "0"}, {"limit": "1001"}, {"after": "٣"}]
)
def test_changes_when_asked_badly_names_the_parameter(query: dict[str, str]) -> None:
    """
    A bad number gives 400 and its name.
    """
    partner = Partner()
    response = partner.client.get("/api/v1/changes", query, headers=partner.bearer)
    assert response.status_code == 400
    assert next(iter(query)) in response.json()["error"]["message"]


def test_cursor_beyond_the_log_is_a_conflict() -> None:
    """
    A node restored from a backup says so instead of staying silent for ever.
    """
    listed(1)
    partner = Partner()
    assert partner.changes(after=2)["error"]["code"] == "cursor_ahead"
    assert partner.acknowledge(2)["error"]["code"] == "cursor_ahead"


def test_acknowledgement_never_goes_back() -> None:
    """
    An earlier place changes nothing; the answer tells the furthest.
    """
    listed(3)
    partner = Partner()
    assert partner.acknowledge(2) == {"through": 2}
    assert partner.acknowledge(1) == {"through": 2}
    assert partner.acknowledge(3) == {"through": 3}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"feedback": []}',
        b'{"feedback": [{"id": "x", "value": "blocked"}]}',
        b'{"feedback": [{"id": "' + b"0" * 32 + b'", "value": "ok"}]}',
        b'{"feedback": [{"id": "' + b"0" * 32 + b'", "value": "blocked", "url": "x"}]}',
        b'{"through": -1}',
        b'{"through": 1, "more": 2}',
    ],
)
def test_message_when_it_breaks_the_contract_is_refused(body: bytes) -> None:
    """
    400 with words, for both messages.
    """
    partner = Partner()
    for path in ("/api/v1/feedback", "/api/v1/acknowledgements"):
        response = partner.client.post(
            path, body, content_type="application/json", headers=partner.bearer
        )
        assert response.status_code == 400
        assert response.json()["error"]["code"] == "bad_message"


def test_feedback_when_given_twice_counts_once() -> None:
    """
    The same again changes nothing, so that a partner may safely repeat itself.
    """
    listed(1)
    partner = Partner()
    identifier = partner.changes()["changes"][0]["id"]
    for _ in range(2):
        assert partner.say(identifier, "blocked")["recorded"] == 1
    assert len(partner.fetch()["hashRecords"][0]["CSPFeedbacks"]) == 1


def test_openapi_describes_every_message() -> None:
    """
    The document is valid JSON, names each path, and its references lead somewhere.
    """
    response = Client().get("/api/v1/openapi.json")
    document = response.json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        "/api/v1/changes",
        "/api/v1/acknowledgements",
        "/api/v1/feedback",
    }
    text = response.content.decode()
    names = document["components"]["schemas"]
    references = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert references == set(names)
