"""
The StopNCII-compatible door, against each point of spec/exchange.md §5.
"""

import pytest
from django.test import Client

from tegenbeeld.casework.partnership import KeyPurpose
from tegenbeeld.server.actions.publication import publish
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

pytestmark = pytest.mark.django_db

RECORD_FIELDS = {
    "lastModtimestamp": int,
    "signalType": str,
    "hashValue": str,
    "hashStatus": str,
    "caseNumbers": dict,
    "CSPFeedbacks": list,
}


def listed(*texts: str) -> Person:
    """
    A person whose hashes are on the list.
    """
    person = Person()
    person.protect(*texts)
    publish(on=DAY)
    return person


def everything(partner: Partner, start: int = 10, size: int = 800) -> list[dict[str, object]]:
    """
    All pages of one run, checked as the reference client checks them.
    """
    records: list[dict[str, object]] = []
    token, checkpoint = None, start
    while True:
        page = partner.fetch(
            start, pageSize=size, **({} if token is None else {"nextPageToken": token})
        )
        assert page["count"] == len(page["hashRecords"]) <= size
        assert page["nextSetTimestamp"] >= checkpoint
        checkpoint = page["nextSetTimestamp"]
        records += page["hashRecords"]
        if not page["hasMoreRecords"]:
            assert page["nextPageToken"] is None
            return records
        token = page["nextPageToken"]


def test_fetch_gives_every_field_of_the_contract() -> None:
    """
    Each record is complete, typed, lower-case, and names no case.
    """
    partner, text = Partner(), random_hash()
    listed(text)
    page = partner.fetch()
    assert set(page) == {
        "count",
        "nextPageToken",
        "nextSetTimestamp",
        "hasMoreRecords",
        "hashRecords",
    }
    (record,) = page["hashRecords"]
    assert {name: type(value) for name, value in record.items()} == RECORD_FIELDS
    assert record["hashValue"] == text
    assert record["signalType"] == "ImagePDQ"
    assert record["hashStatus"] == "Active"
    assert record["caseNumbers"] == {}
    assert record["CSPFeedbacks"] == []


def test_fetch_when_nothing_is_listed_answers_with_the_start() -> None:
    """
    An empty list is an empty page whose timestamp does not move.
    """
    page = Partner().fetch(10)
    assert (page["count"], page["nextSetTimestamp"], page["hasMoreRecords"]) == (0, 10, False)


@pytest.mark.parametrize("size", [1, 2, 3, 800])
def test_fetch_in_pages_gives_each_record_once(size: int) -> None:
    """
    Whatever the page size, one run gives every hash once, with rising stamps.
    """
    partner, texts = Partner(), [random_hash() for _ in range(7)]
    listed(*texts)
    records = everything(partner, size=size)
    assert sorted(str(record["hashValue"]) for record in records) == sorted(texts)
    stamps = [record["lastModtimestamp"] for record in records]
    assert stamps == sorted(set(stamps))


def test_fetch_when_cut_off_resumes_without_its_token() -> None:
    """
    A client that lost its token goes on from the timestamp of the last page, losing nothing.
    """
    partner, texts = Partner(), [random_hash() for _ in range(5)]
    listed(*texts)
    first = partner.fetch(10, pageSize=2)
    rest = everything(partner, start=first["nextSetTimestamp"], size=2)
    seen = {record["hashValue"] for record in first["hashRecords"] + rest}
    assert seen == set(texts)


def test_fetch_when_idle_repeats_at_most_the_last_record() -> None:
    """
    The start is inclusive, and no two records share a stamp: idling repeats one record.
    """
    partner = Partner()
    listed(random_hash(), random_hash())
    checkpoint = partner.fetch(10)["nextSetTimestamp"]
    page = partner.fetch(checkpoint)
    assert (page["count"], page["nextSetTimestamp"]) == (1, checkpoint)


def test_fetch_when_withdrawn_gives_a_tombstone_to_those_who_had_it() -> None:
    """
    An incremental client learns of the end; a fresh one never hears of the hash.
    """
    partner, text = Partner(), random_hash()
    person = listed(text)
    checkpoint = partner.fetch(10)["nextSetTimestamp"]
    person.withdraw(0)
    publish(on=DAY)
    (record,) = partner.fetch(checkpoint)["hashRecords"]
    assert (record["hashValue"], record["hashStatus"]) == (text, "Withdrawn")
    assert partner.fetch(10)["hashRecords"] == []


def test_fetch_when_withdrawn_between_pages_of_a_first_run_still_tells() -> None:
    """
    A first run that read a hash before its end gets the tombstone in the same run.
    """
    partner, texts = Partner(), [random_hash() for _ in range(3)]
    people = [listed(text) for text in texts]
    first = partner.fetch(10, pageSize=1)
    people[texts.index(first["hashRecords"][0]["hashValue"])].withdraw(0)
    publish(on=DAY)
    rest = partner.fetch(10, pageSize=10, nextPageToken=first["nextPageToken"])["hashRecords"]
    ended = [r["hashValue"] for r in rest if r["hashStatus"] == "Withdrawn"]
    assert ended == [first["hashRecords"][0]["hashValue"]]


def test_fetch_when_coming_back_counts_as_acknowledgement() -> None:
    """
    Asking from a timestamp means that everything up to it is stored; asking once does not.
    """
    partner = Partner()
    person = listed(random_hash())
    checkpoint = partner.fetch(10)["nextSetTimestamp"]
    assert person.read()[0]["platforms"][0]["listed_on"] is None
    partner.fetch(checkpoint)
    assert person.read()[0]["platforms"][0]["listed_on"] is not None


def test_fetch_when_start_is_no_checkpoint_acknowledges_nothing() -> None:
    """
    A start that no page ever gave says nothing, and one ahead of the list is refused.
    """
    partner = Partner()
    person = listed(random_hash(), random_hash())
    checkpoint = partner.fetch(10)["nextSetTimestamp"]
    partner.fetch(checkpoint - 5)
    assert partner.fetch(checkpoint + 1)["count"] == 0
    for ahead in (checkpoint + 2, 1_900_000_000, 2**63 - 1):
        assert partner.fetch(ahead)["error"]["code"] == "cursor_ahead"
    assert person.read()[0]["platforms"][0]["listed_on"] is None


def test_fetch_when_a_hash_changed_again_is_acknowledged_only_with_its_page() -> None:
    """
    A snapshot that moved behind the checkpoint was not read, so it does not count as stored.
    """
    partner, text = Partner(), random_hash()
    early = listed(text)
    listed(random_hash())
    listed(text)
    page = partner.fetch(10, pageSize=1)
    assert page["hashRecords"][0]["hashValue"] != text
    partner.fetch(page["nextSetTimestamp"], pageSize=1)
    assert early.read()[0]["platforms"][0]["listed_on"] is None
    partner.fetch(partner.fetch(10)["nextSetTimestamp"])
    assert early.read()[0]["platforms"][0]["listed_on"] is not None


@pytest.mark.parametrize("path", ["/stopncii/v1/FetchHashes", "/stopncii/v1//FetchHashes"])
def test_fetch_tolerates_a_doubled_slash(path: str) -> None:
    """
    A base URL with a slash at its end works too.
    """
    partner = Partner()
    headers = partner.stopncii_headers(KeyPurpose.FETCH_HASHES)
    assert Client().get(path, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"startTimestamp": "x"}, "startTimestamp"),
        ({"startTimestamp": "-1"}, "startTimestamp"),
        ({"startTimestamp": "9" * 30}, "startTimestamp"),
        ({"pageSize": "0"}, "pageSize"),
        ({"pageSize": "1.5"}, "pageSize"),
        ({"nextPageToken": "from-nowhere"}, "nextPageToken"),
        ({"nextPageToken": "WzEsIDBd:1abc:2def"}, "nextPageToken"),
    ],
)
def test_fetch_when_asked_badly_says_what_to_change(query: dict[str, str], word: str) -> None:
    """
    A bad parameter is named, with status 400.
    """
    partner = Partner()
    response = partner.client.get(
        "/stopncii/v1/FetchHashes",
        {"startTimestamp": "10", **query},
        headers=partner.stopncii_headers(KeyPurpose.FETCH_HASHES),
    )
    assert response.status_code == 400
    assert word in response.json()["error"]["message"]


def test_fetch_when_token_is_another_partners_is_refused() -> None:
    """
    A page token opens nothing for anybody else, nor for another start.
    """
    first, second = Partner("First"), Partner("Second")
    listed(random_hash(), random_hash())
    token = first.fetch(10, pageSize=1)["nextPageToken"]
    assert second.fetch(10, nextPageToken=token)["error"]["code"] == "bad_page_token"
    assert first.fetch(11, nextPageToken=token)["error"]["code"] == "bad_page_token"
    assert "error" not in first.fetch(10, nextPageToken=token)


def test_keys_open_their_own_endpoint_only() -> None:
    """
    Wrong, swapped, missing and other partners' keys all give 401.
    """
    first, second = Partner("First"), Partner("Second")
    right = first.stopncii_headers(KeyPurpose.FETCH_HASHES)
    wrong: list[dict[str, str]] = [
        {},
        {"x-functions-key": right["x-functions-key"]},
        {"Ocp-Apim-Subscription-Key": right["Ocp-Apim-Subscription-Key"]},
        first.stopncii_headers(KeyPurpose.SUBMIT_HASHES),
        first.stopncii_headers(KeyPurpose.NATIVE),
        right
        | {
            "Ocp-Apim-Subscription-Key": second.stopncii_headers(KeyPurpose.FETCH_HASHES)[
                "Ocp-Apim-Subscription-Key"
            ]
        },
    ]
    for headers in wrong:
        response = Client().get("/stopncii/v1/FetchHashes", headers=headers)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "not_authorised"


@pytest.mark.parametrize("prefix", ["", "StopNCIISignalType."])
def test_submit_hashes_lists_for_others_too(prefix: str) -> None:
    """
    A platform's own hash reaches the others as a partner's, whichever way its type is written.
    """
    first, second, text = Partner("First"), Partner("Second"), random_hash()
    message = {
        "count": 1,
        "hashRecords": [
            {
                "lastModtimestamp": 1795449788,
                "signalType": f"{prefix}ImagePDQ",
                "hashValue": text,
                "CSPFeedbacks": [{"tags": ["t1"], "feedbackValue": "Blocked"}],
            }
        ],
    }
    response = first.submit_hashes(message)
    assert (response.status_code, response.json()) == (200, {})
    first.submit_hashes(message)
    publish(on=DAY)
    (change,) = second.changes()["changes"]
    assert (change["hash"], change["provenance"]) == (text, "partner")
    assert second.fetch()["hashRecords"][0]["CSPFeedbacks"] == []
    own = first.fetch()["hashRecords"][0]["CSPFeedbacks"]
    assert own == [{"feedbackValue": "Blocked", "tags": ["t1"], "source": "First"}]


def test_submit_hashes_takes_video_md5() -> None:
    """
    The other signal type that is taken arrives as such.
    """
    partner = Partner()
    message = {"hashRecords": [{"signalType": "VideoMD5", "hashValue": "AB" * 16}]}
    assert partner.submit_hashes(message).status_code == 200
    publish(on=DAY)
    (record,) = partner.fetch()["hashRecords"]
    assert (record["signalType"], record["hashValue"]) == ("VideoMD5", "ab" * 16)


@pytest.mark.parametrize(
    "record",
    [
        {"signalType": "URL", "hashValue": "ab" * 32},
        {"signalType": "ImagePDQ", "hashValue": "ab" * 16},
        {"signalType": "VideoMD5", "hashValue": "ab" * 32},
        {"signalType": "ImagePDQ", "hashValue": "0" * 64},
        {"signalType": "ImagePDQ", "hashValue": "f" * 64},
        {"signalType": "ImagePDQ", "hashValue": "g" * 64},
        {"signalType": "ImagePDQ"},
        {"hashValue": "ab" * 32},
        {"signalType": "VideoMD5", "hashValue": "zz" * 16},
    ],
)
def test_submit_hashes_when_one_is_bad_stores_none(record: dict[str, str]) -> None:
    """
    One bad record refuses the request whole; the message is not an empty phrase.
    """
    partner = Partner()
    good = {"signalType": "ImagePDQ", "hashValue": random_hash()}
    response = partner.submit_hashes({"hashRecords": [good, record]})
    assert response.status_code == 400
    assert (
        "hashRecords[1]" in response.json()["error"]["message"]
        or "[...]" in (response.json()["error"]["message"])
    )
    assert publish(on=DAY) == 0


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"hashRecords": null}', "\xff", '{"x": ' + "[" * 200_000]
)
def test_submit_when_body_is_malformed_is_refused(body: str) -> None:
    """
    Anything but the message gives 400 with words, never a trace.
    """
    partner = Partner()
    for endpoint in (KeyPurpose.SUBMIT_HASHES, KeyPurpose.SUBMIT_FEEDBACK):
        response = Client().post(
            f"/stopncii/v1/{endpoint}",
            body.encode("latin-1"),
            content_type="application/json",
            headers=partner.stopncii_headers(endpoint),
        )
        assert response.status_code == 400
        assert response.json()["error"]["code"] == "bad_message"


def test_submit_feedback_reaches_the_person_and_only_the_own_record() -> None:
    """
    Feedback by hash value shows to the person, and to no other partner.
    """
    first, second, text = Partner("First"), Partner("Second"), random_hash()
    person = listed(text)
    message = {
        "count": 1,
        "hashFeedbacks": [{"tags": ["x"], "feedbackValue": "NotBlocked", "hashValue": text}],
    }
    response = first.submit_feedback(message)
    assert (response.status_code, response.json()) == (200, {})
    views = {view["name"]: view for view in person.read()[0]["platforms"]}
    assert views["First"]["finding"] == "not_blocked"
    assert views["Second"]["finding"] is None
    assert first.fetch()["hashRecords"][0]["CSPFeedbacks"][0]["feedbackValue"] == "NotBlocked"
    assert second.fetch()["hashRecords"][0]["CSPFeedbacks"] == []


def test_submit_feedback_when_hash_is_unknown_answers_the_same() -> None:
    """
    Feedback on a hash that is not listed is passed over.
    """
    message = {"hashFeedbacks": [{"feedbackValue": "Blocked", "hashValue": random_hash()}]}
    response = Partner().submit_feedback(message)
    assert (response.status_code, response.json()) == (200, {})


@pytest.mark.parametrize("value", ["Withdrawn", "Deleted"])
def test_submit_feedback_when_withdrawn_ends_the_own_contribution_only(value: str) -> None:
    """
    A platform takes back its own hash; a person's protection of the same hash stays.
    """
    partner, other, text = Partner("First"), Partner("Second"), random_hash()
    record = {"signalType": "ImagePDQ", "hashValue": text}
    partner.submit_hashes({"hashRecords": [record]})
    person = listed(text)
    message = {"hashFeedbacks": [{"feedbackValue": value, "hashValue": text}]}
    other.submit_feedback(message)
    partner.submit_feedback(message)
    publish(on=DAY)
    assert person.read()[0]["state"] == "listed"
    assert partner.fetch()["hashRecords"][0]["hashStatus"] == "Active"
    person.withdraw(0)
    publish(on=DAY)
    assert partner.fetch()["hashRecords"] == []
