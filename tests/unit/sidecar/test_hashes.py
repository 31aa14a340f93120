"""
Questions with hashes, in JSON and in bytes.
"""

import json
from typing import Any

import pytest

from tegenbeeld import pdq
from tegenbeeld.sidecar import answers, limits
from testing.small_sidecar import Sidecar, entry, flipped, hash_text

HASH = hash_text(0)


def test_match_when_some_hashes_match(sidecar: Sidecar) -> None:
    """
    Each hash has its own list, in the order of the question.
    """
    answer = sidecar.ask_hashes(hash_text(9), flipped(HASH, 31), hash_text(2))
    assert answer.status == 200
    assert answer.json == {
        "matches": [
            [],
            [{"id": f"{0:032x}", "found": "picture", "distance": 31, "provenance": "self"}],
            [{"id": f"{2:032x}", "found": "picture", "distance": 0, "provenance": "self"}],
        ]
    }


@pytest.mark.parametrize("count", [0, 1, 2, 64])
def test_match_when_nothing_matches(sidecar: Sidecar, count: int) -> None:
    """
    An empty list for each hash, however many there are.
    """
    hashes = [hash_text(100 + number) for number in range(count)]
    assert sidecar.ask_hashes(*hashes).json == {"matches": [[]] * count}
    raw = bytes.fromhex("".join(hashes))
    assert sidecar.ask_binary(raw).json == {"matches": [[]] * count}


def test_match_when_asked_in_bytes(sidecar: Sidecar) -> None:
    """
    Bytes are answered as JSON is.
    """
    hashes = [hash_text(1), hash_text(8), flipped(HASH, 7)]
    assert (
        sidecar.ask_binary(bytes.fromhex("".join(hashes))).json == sidecar.ask_hashes(*hashes).json
    )


@pytest.mark.parametrize(("bound", "found"), [(0, 0), (6, 0), (7, 1), (31, 1)])
def test_match_when_the_bound_is_given(sidecar: Sidecar, bound: int, found: int) -> None:
    """
    The bound is inclusive, and may stand in the address or in the body.
    """
    text = flipped(HASH, 7)
    for answer in (
        sidecar.ask_hashes(text, query=f"max_distance={bound}"),
        sidecar.ask_hashes(text, max_distance=bound),
        sidecar.ask_binary(bytes.fromhex(text), QUERY_STRING=f"max_distance={bound}"),
    ):
        assert len(answer.json["matches"][0]) == found


@pytest.mark.parametrize(
    "query",
    [
        *("max_distance=32", "max_distance=-1", "max_distance=", "max_distance=1.0", "&&", "x"),
        *("max_distance=٣", "max_distance=" + "1" * 5000, "maxdistance=3"),
        "max_distance=1&max_distance=1",
    ],
)
def test_match_when_the_parameter_is_wrong(sidecar: Sidecar, query: str) -> None:
    """
    Anything but one number from 0 to 31 is refused.
    """
    assert sidecar.ask_hashes(HASH, query=query).status == 400


@pytest.mark.parametrize("bound", [32, -1, "3", 3.5])
def test_match_when_the_bound_in_the_body_is_wrong(sidecar: Sidecar, bound: Any) -> None:
    """
    The same in the body.
    """
    assert sidecar.ask_hashes(HASH, max_distance=bound).status == 422


def test_match_when_the_bound_is_given_twice(sidecar: Sidecar) -> None:
    """
    Of two bounds it is not clear which one is meant.
    """
    assert sidecar.ask_hashes(HASH, query="max_distance=3", max_distance=4).status == 400


@pytest.mark.parametrize(
    "text",
    [
        HASH[:-1],
        HASH + "0",
        HASH + "\n",
        HASH[:-1] + "\n",
        HASH.upper(),
        "0x" + HASH[2:],
        " " + HASH[1:],
        HASH[:32] + "  " + HASH[34:],
        "g" * 64,
        "٣" * 64,
        "",
        "\0" * 64,
    ],
)
def test_match_when_a_hash_is_none(sidecar: Sidecar, text: str) -> None:
    """
    Wrong length or alphabet refuses the whole question, and says where without repeating it.
    """
    answer = sidecar.ask_hashes(hash_text(1), text)
    assert answer.status == 422
    assert (
        "hashes[1]" in answer.json["error"]["message"]
        or "[...]" in (answer.json["error"]["message"])
    )
    assert len(text) < 32 or text not in answer.json["error"]["message"]


def test_match_when_white_space_of_two_hashes_adds_up(sidecar: Sidecar) -> None:
    """
    Two hashes that are only whole together are still refused.
    """
    assert sidecar.ask_hashes(HASH[:-1], "0" + HASH).status == 422
    assert sidecar.ask_hashes(HASH[:63] + " ", HASH[:63] + " ").status == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"hashes":["' + b"\xff" * 64 + b'"]}',
        b"[" * 100_000,
        b'{"hashes":' + b"[" * 100_000,
    ],
)
def test_match_when_the_body_is_no_json(sidecar: Sidecar, body: bytes) -> None:
    """
    What cannot be read is a bad request.
    """
    answer = sidecar.ask(body=body, CONTENT_TYPE="application/json; charset=utf-8")
    assert answer.status in (400, 422)


@pytest.mark.parametrize(
    "value", [[], "x", 1, {}, {"hashes": 1}, {"hashes": [1]}, {"hashes": [], "other": 1}]
)
def test_match_when_the_json_is_another(sidecar: Sidecar, value: Any) -> None:
    """
    What is read but breaks the contract says where.
    """
    answer = sidecar.ask(body=json.dumps(value).encode(), CONTENT_TYPE="application/json")
    assert (answer.status, answer.code) == (422, "invalid_question")


@pytest.mark.parametrize("length", [1, 31, 33, 63])
def test_match_when_bytes_are_no_whole_hashes(sidecar: Sidecar, length: int) -> None:
    """
    Bytes that are no multiple of 32 are refused.
    """
    assert sidecar.ask_binary(bytes(length)).code == "invalid_hash"


def test_match_when_a_hash_is_degenerate() -> None:
    """
    Hashes of flat pictures are named and not looked up, although they would match.
    """
    edge = "f" * 8 + "0" * 56
    sidecar = Sidecar([entry(1, edge), entry(2, HASH)])
    below = "f" * 7 + "7" + "0" * 56
    answer = sidecar.ask_hashes(below, HASH, "0" * 64, "f" * 64, edge)
    assert answer.json["refused"] == [0, 2, 3]
    assert [len(some) for some in answer.json["matches"]] == [0, 1, 0, 0, 1]
    assert sidecar.ask_hashes("0" * 64).json == {"matches": [[]], "refused": [0]}


def test_degenerate_when_compared_with_the_definition() -> None:
    """
    The quick way refuses exactly what `PdqHash.is_degenerate` does.
    """
    hashes = [pdq.PdqHash(((1 << ones) - 1).to_bytes(32, "big")) for ones in range(257)]
    expected = [place for place, hash_ in enumerate(hashes) if hash_.is_degenerate()]
    assert answers._degenerate(pdq.pack(hashes)) == expected


def test_match_when_too_many_entries_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The nearest are given, and the answer says that there are more.
    """
    monkeypatch.setattr(answers, "MAX_MATCHES", 3)
    near = [entry(number, flipped(HASH, number)) for number in range(6)]
    sidecar = Sidecar([*near, entry(9, hash_text(9))])
    answer = sidecar.ask_hashes(hash_text(9), HASH).json
    assert answer["more"] == [1]
    assert [len(some) for some in answer["matches"]] == [1, 3]
    assert [match["distance"] for match in answer["matches"][1]] == [0, 1, 2]
    monkeypatch.setattr(answers, "MAX_MATCHES_ALTOGETHER", 5)
    assert sidecar.ask_hashes(HASH, HASH).code == "too_many_matches"


def test_match_when_the_question_is_too_large(
    sidecar: Sidecar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Too many bytes are refused before they are read, said or not; too many hashes too.
    """
    monkeypatch.setattr(limits, "MAX_BINARY_BYTES", 64)
    assert sidecar.ask_binary(bytes.fromhex(HASH * 2)).status == 200
    assert sidecar.ask_binary(bytes(96)).status == 413
    assert sidecar.ask_binary(bytes(96), CONTENT_LENGTH="").status == 413
    assert sidecar.ask_binary(bytes.fromhex(HASH), CONTENT_LENGTH="").status == 200
    assert sidecar.ask_binary(bytes(32), CONTENT_LENGTH="x").status == 400
    assert sidecar.ask_binary(bytes(32), CONTENT_LENGTH="64").status == 400
    many = json.dumps({"hashes": [HASH] * (limits.MAX_HASHES + 1)}).encode()
    assert sidecar.ask(body=many, CONTENT_TYPE="application/json").status == 422


def test_match_when_too_much_is_going_on(sidecar: Sidecar) -> None:
    """
    More hashes at once than the limit get 429 with a time to wait; afterwards all is as before.
    """
    budget = sidecar.application._hashes
    budget.take(limits.HASHES_AT_ONCE - 1)
    assert sidecar.ask_hashes(HASH).status == 200
    answer = sidecar.ask_hashes(HASH, HASH)
    assert (answer.status, answer.code) == (429, "busy")
    assert answer.headers["Retry-After"] == "1"
    budget.give_back(limits.HASHES_AT_ONCE - 1)
    assert sidecar.ask_hashes(HASH, HASH).status == 200
    assert budget._left == limits.HASHES_AT_ONCE
