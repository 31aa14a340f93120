"""
Addresses, methods, who may ask, figures, and what is written down.
"""

import json
import logging

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tegenbeeld.kit import Matcher
from tegenbeeld.sidecar import logs
from tegenbeeld.sidecar.openapi import describe
from testing.small_sidecar import Sidecar, entry, hash_text

TOKEN = "a-token-that-nobody-guesses"


def test_healthz_when_the_list_is_being_opened(sidecar: Sidecar) -> None:
    """
    The process is alive, but not ready, and refuses questions for the moment.
    """
    matcher, sidecar.matcher = sidecar.matcher, None
    assert sidecar.ask("/healthz", method="GET").status == 200
    answer = sidecar.ask("/readyz", method="GET")
    assert (answer.status, answer.code) == (503, "not_ready")
    assert answer.headers["Retry-After"] == "1"
    assert sidecar.ask_hashes(hash_text(0)).status == 503
    sidecar.matcher = matcher
    assert sidecar.ask("/readyz", method="GET").body == b"ready\n"
    assert sidecar.ask_hashes(hash_text(0)).status == 200


@pytest.mark.parametrize("path", ["/", "/v1/match/", "/v1", "//v1/match", "/v1/openapi", "/é"])
def test_ask_when_there_is_nothing(sidecar: Sidecar, path: str) -> None:
    """
    Other addresses lead nowhere.
    """
    assert sidecar.ask(path, method="GET").status == 404


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/openapi.json"])
def test_ask_when_the_method_is_wrong(sidecar: Sidecar, path: str) -> None:
    """
    The answer says which methods there are.
    """
    assert sidecar.ask(path, method="POST").headers["Allow"] == "GET, HEAD"
    for method in ("GET", "PUT", "OPTIONS", "DELETE"):
        assert sidecar.ask(method=method).headers["Allow"] == "POST"


def test_openapi_when_served(sidecar: Sidecar) -> None:
    """
    The document is served as it is described.
    """
    answer = sidecar.ask("/v1/openapi.json", method="GET")
    assert answer.json == json.loads(json.dumps(describe()))


@pytest.mark.parametrize(
    "given", ["", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"bearer {TOKEN}", "Bearer é"]
)
def test_ask_when_the_token_is_wrong(given: str) -> None:
    """
    Without the token there are no matches and no figures, but health is told.
    """
    sidecar = Sidecar([entry(1, hash_text(1))], token=TOKEN)
    for path, method in (("/v1/match", "POST"), ("/metrics", "GET")):
        answer = sidecar.ask(path, method=method, HTTP_AUTHORIZATION=given)
        assert (answer.status, answer.code) == (401, "not_authorised")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    for path in ("/healthz", "/readyz", "/v1/openapi.json"):
        assert sidecar.ask(path, method="GET").status == 200


def test_ask_when_the_token_is_right() -> None:
    """
    With the token it does not matter by which name the sidecar is asked.
    """
    sidecar = Sidecar([entry(1, hash_text(1))], token=TOKEN)
    rights = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}", "HTTP_HOST": "matcher.internal"}
    assert sidecar.ask_binary(bytes.fromhex(hash_text(1)), **rights).status == 200
    assert sidecar.ask("/metrics", method="GET", **rights).status == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8200", 200),
        ("localhost", 200),
        ("localhost:9", 200),
        ("[::1]:8200", 200),
        ("evil.example:8200", 403),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost:8200.evil.example", 403),
        ("", 403),
    ],
)
def test_ask_when_by_another_name(sidecar: Sidecar, host: str, status: int) -> None:
    """
    A web page that gave its own name the address of this machine gets no answer.
    """
    assert sidecar.ask_binary(bytes.fromhex(hash_text(1)), HTTP_HOST=host).status == status


def test_metrics_when_read(sidecar: Sidecar) -> None:
    """
    The figures are in the text format, and count what was asked and answered.
    """
    sidecar.ask_hashes(hash_text(0), hash_text(1), hash_text(9))
    sidecar.ask_hashes("x")
    sidecar.ask_binary(bytes.fromhex(hash_text(9)))
    sidecar.metrics.list_state = (5, 12)
    text = sidecar.ask("/metrics", method="GET").body.decode()
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert found["tegenbeeld_requests_total", "200"] == 2
    assert found["tegenbeeld_requests_total", "422"] == 1
    assert found["tegenbeeld_queries_total", "json"] == 3
    assert found["tegenbeeld_matched_queries_total", "json"] == 2
    assert found["tegenbeeld_queries_total", "binary"] == 1
    assert found["tegenbeeld_request_seconds_count", "json"] == 1
    assert (found["tegenbeeld_listed",], found["tegenbeeld_list_cursor",]) == (5, 12)
    assert found["tegenbeeld_ready",] == 1
    assert hash_text(0) not in text


def test_ask_when_something_unexpected_happens(
    sidecar: Sidecar, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The answer has its usual shape, and what is written down holds nothing of the question.
    """

    def broken(_self: Matcher, words: object, **more: object) -> None:
        raise RuntimeError(f"secret {words} {more}")

    monkeypatch.setattr(Matcher, "match_words", broken)
    answer = sidecar.ask_hashes(hash_text(0))
    assert (answer.status, answer.code) == (500, "failed")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["kind"]) == ("failed", "RuntimeError")
    assert any("broken" in place for place in line["where"])
    assert "secret" not in str(line)


def test_lines_when_a_warning_is_logged() -> None:
    """
    Warnings of the kit become lines of the same form.
    """
    record = logging.LogRecord("tegenbeeld.kit", 30, "", 0, "the %s", ("index",), None)
    line = json.loads(logs.Lines().format(record))
    assert (line["event"], line["message"]) == ("warning", "the index")
