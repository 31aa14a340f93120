"""
The person's three requests: what is refused, and what no answer may tell.
"""

import json
import re
import secrets
from typing import Any

import pytest
from django.test import Client

from tegenbeeld.casework.case import SLOTS
from tegenbeeld.server.actions.publication import publish
from testing.partners import DAY, Partner
from testing.people import Person, random_hash

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "0" * 64},
        {"hash": "f" * 64},
        {"hash": "ab"},
        {"hash": "AB" * 32},
        {"hash": "ab" * 32 + "\n"},
        {"hash": None},
        {"quality": 49},
        {"quality": 101},
        {"quality": "100"},
        {"quality": True},
        {"signal_type": "photodna"},
        {"signal_type": "video_md5"},
        {"token_digest": "ab"},
        {"token_digest": "AB" * 32},
        {"file_name": "holiday.jpg"},
        {"width": 640},
    ],
)
def test_protect_when_an_item_is_bad_stores_nothing(change: dict[str, Any]) -> None:
    """
    A bad value, or anything that has no place in the request, refuses it whole.
    """
    person = Person()
    good = person.protection(0, random_hash())
    response = person.post(
        "protect", {"protections": [good, person.protection(1, random_hash(), **change)]}
    )
    assert response.status_code == 400
    assert len(response.json()["error"]["message"]) > 20
    assert person.read()[0]["state"] == "empty"


@pytest.mark.parametrize("move", ["protect", "read", "withdraw"])
@pytest.mark.parametrize(
    "body", [b" ", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"tokens": []}', b"[" * 50_000]
)
def test_move_when_body_is_malformed_is_refused(move: str, body: bytes) -> None:
    """
    Anything but the message gives 400 with words, never a trace.
    """
    response = Client().post(f"/case/{move}", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_message"


@pytest.mark.parametrize("move", ["protect", "read", "withdraw"])
def test_move_when_not_json_is_refused(move: str) -> None:
    """
    A form of another site cannot make a visitor's browser act here; pictures have no door.
    """
    for kind in ("text/plain", "application/x-www-form-urlencoded", "image/png"):
        assert Client().post(f"/case/{move}", b"{}", content_type=kind).status_code == 415
    assert Client().get(f"/case/{move}").status_code == 405


def test_move_when_body_is_too_long_is_refused_unread() -> None:
    """
    No request of a person has more than 64 KiB, so nothing the size of a picture fits.
    """
    body = json.dumps({"tokens": ["a" * 70_000]})
    response = Client().post("/case/read", body, content_type="application/json")
    assert response.status_code == 413
    assert "65536" in response.json()["error"]["message"]


def test_protect_when_more_than_fit_is_refused() -> None:
    """
    A code has so many slots and no more; none is no request.
    """
    person = Person()
    items = [person.protection(slot % SLOTS, random_hash()) for slot in range(SLOTS + 1)]
    assert person.post("protect", {"protections": items}).status_code == 400
    assert person.post("protect", {"protections": []}).status_code == 400
    assert person.post("protect", {"protections": items[:SLOTS]}).status_code == 200


@pytest.mark.parametrize("count", [0, 1, 32, SLOTS - 1, SLOTS + 1])
def test_read_when_not_as_many_tokens_as_slots_is_refused(count: int) -> None:
    """
    Every reading has the same size, whatever the code holds.
    """
    tokens = [secrets.token_hex(32) for _ in range(count)]
    for move in ("read", "withdraw"):
        response = Person().post(move, {"tokens": tokens})
        assert response.status_code == 400


def test_read_when_code_is_unknown_has_the_shape_of_a_known_one() -> None:
    """
    An unknown code is answered as an empty case: same status, headers, length and fields.
    """
    partners = [Partner(f"Platform number {number}") for number in range(30)]
    known, unknown = Person(), Person()
    known.protect(*[random_hash() for _ in range(SLOTS)])
    publish(on=DAY)
    for partner in partners:
        partner.acknowledge(SLOTS)
        for change in partner.changes()["changes"]:
            partner.say(change["id"], "pending_review")
    answers = [
        person.post("read", {"tokens": [token.hex() for token in person.tokens]})
        for person in (known, unknown)
    ]
    assert answers[0].status_code == answers[1].status_code == 200
    assert dict(answers[0].headers) == dict(answers[1].headers)
    assert len(answers[0].content) == len(answers[1].content)
    shapes = [_shape(answer.json()) for answer in answers]
    assert shapes[0] == shapes[1]


def test_protect_when_hash_is_known_answers_as_for_a_new_one() -> None:
    """
    Neither the answer nor what the person sees afterwards tells that a hash was listed before.
    """
    partner, text = Partner(), random_hash()
    Person().protect(text)
    publish(on=DAY)
    partner.acknowledge(1)
    known, new = Person(), Person()
    answers = [known.protect(text), new.protect(random_hash())]
    assert answers[0].content == answers[1].content
    assert known.read() == new.read()
    publish(on=DAY)
    assert known.read() == new.read()
    partner.acknowledge(2)
    partner.acknowledge(3)
    assert known.read() == new.read()


def test_withdraw_when_another_protects_looks_like_the_last_one() -> None:
    """
    Whoever withdraws sees the same steps whether or not somebody else protects the picture.
    """
    partner, text = Partner(), random_hash()
    shared, alone = Person(), Person()
    Person().protect(text)
    shared.protect(text)
    alone.protect(random_hash())
    publish(on=DAY)
    partner.acknowledge(3)
    answers = [shared.withdraw(0), alone.withdraw(0)]
    assert answers[0].content == answers[1].content
    assert shared.read() == alone.read()
    publish(on=DAY)
    assert shared.read() == alone.read()
    partner.acknowledge(5)
    assert shared.read() == alone.read()
    assert shared.read()[0]["platforms"][0]["withdrawal_confirmed_on"] is not None


def test_withdraw_when_token_is_a_strangers_changes_nothing() -> None:
    """
    Only the token opens a protection; its digest, which the node stores, does not.
    """
    person, stranger = Person(), Person()
    person.protect(random_hash())
    stranger.tokens[0] = bytes.fromhex(person.digest(0))
    stranger.withdraw(0, 1, 2)
    assert person.read()[0]["state"] == "received"


def test_pages_carry_no_cookie_and_are_not_kept() -> None:
    """
    Pages set no cookie, are stored nowhere, and may run no WebAssembly.
    """
    for path in ("/en/", "/nl/protect/", "/fr/follow/", "/de/help/", "/en/about/", "/healthz"):
        response = Client().get(path)
        assert response.status_code == 200, path
        assert not response.cookies
        assert response.headers["Cache-Control"] == "no-store"
        assert "wasm" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [("nl-BE,nl;q=0.9,en;q=0.5", "/nl/"), ("fr", "/fr/"), ("de-AT", "/de/"), ("sv", "/en/")],
)
def test_start_leads_to_the_language_of_the_browser(accepted: str, expected: str) -> None:
    """
    The first page follows the browser's languages, English where none is ours.
    """
    response = Client().get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response.headers["Location"]) == (302, expected)
    assert "Accept-Language" in response.headers["Vary"]


def test_address_without_its_slash_leads_to_the_page() -> None:
    """
    A typed address works with or without the slash at its end.
    """
    response = Client().get("/nl/protect")
    assert (response.status_code, response.headers["Location"]) == (302, "/nl/protect/")


@pytest.mark.parametrize("language", ["en", "nl", "fr", "de"])
def test_unknown_address_is_a_whole_page_for_people(language: str) -> None:
    """
    A person who mistypes an address can leave quickly, go to the start, and find help.
    """
    response = Client().get(f"/{language}/nothing", headers={"Accept": "text/html"})
    page = response.content.decode()
    assert response.status_code == 404
    assert f'href="/{language}/help/"' in page
    words = re.search(r'<script id="leave-words"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert words is not None
    assert json.loads(words.group(1))


def test_name_that_is_not_the_nodes_is_refused() -> None:
    """
    Another site that points its own name here gets no page.
    """
    response = Client().get("/en/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "unknown_host"


def test_unknown_address_is_a_plain_404() -> None:
    """
    An address that leads nowhere says so in one line.
    """
    for path in ("/nothing", "/en/nothing", "/static/nothing.mjs", "/static/../conf/settings.py"):
        response = Client().get(path)
        assert response.status_code == 404
        assert "address" in response.content.decode()


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(item) for name, item in value.items() if name != "name"}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return None
