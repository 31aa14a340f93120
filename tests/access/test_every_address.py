"""
Every address of the node, and who may use it. An address that is missing here fails.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tegenbeeld.casework.partnership import KeyPurpose, PartnerState
from tegenbeeld.server.actions import partners
from testing.partners import DAY, Partner
from testing.people import Person

OPEN = "anybody"
FORM = "GET, POST"
NATIVE = "a partner, with its key"

ADDRESSES = {
    "healthz": ("GET", OPEN),
    "readyz": ("GET", OPEN),
    "": ("GET", OPEN),
    "exit": ("GET", OPEN),
    "case/protect": ("POST", OPEN),
    "case/read": ("POST", OPEN),
    "case/withdraw": ("POST", OPEN),
    "case/renew": ("POST", OPEN),
    "case/label": ("POST", OPEN),
    "case/news": ("POST", OPEN),
    "api/v1/openapi.json": ("GET", OPEN),
    "api/v1/changes": ("GET", NATIVE),
    "api/v1/acknowledgements": ("POST", NATIVE),
    "api/v1/feedback": ("POST", NATIVE),
    "^stopncii/v1/+FetchHashes$": ("GET", KeyPurpose.FETCH_HASHES),
    "^stopncii/v1/+SubmitHashes$": ("POST", KeyPurpose.SUBMIT_HASHES),
    "^stopncii/v1/+SubmitFeedback$": ("POST", KeyPurpose.SUBMIT_FEEDBACK),
    **{
        f"{language}/{page}": ("GET", OPEN)
        for language in ("en", "nl", "fr", "de")
        for page in (
            *("", "protect/", "follow/", "check/", "help/", "about/"),
            *("remove/", "steps/", "safety/", "friends/", "young/", "appointment/", "words/"),
        )
    },
    **{f"{language}/stop/<str:token>": (FORM, OPEN) for language in ("en", "nl", "fr", "de")},
}


def addresses(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    """
    Every pattern that leads to a view.
    """
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern)


def path_of(address: str) -> str:
    """
    A path that the pattern matches.
    """
    return "/" + address.removeprefix("^").removesuffix("$").replace("/+", "/")


def test_every_address_is_in_the_table() -> None:
    """
    A new address fails until somebody decides who may use it.
    """
    assert sorted(addresses(get_resolver().url_patterns)) == sorted(ADDRESSES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", [address for address, (_, who) in ADDRESSES.items() if who != OPEN]
)
def test_partner_address_opens_to_its_own_key_only(address: str) -> None:
    """
    No key, and every key made for something else, gives 401; the right one does not.
    """
    method, who = ADDRESSES[address]
    partner = Partner()
    every_header = {NATIVE: partner.bearer} | {
        purpose: partner.stopncii_headers(purpose) for purpose in KeyPurpose
    }
    every_header["nobody"] = {}
    every_header["made up"] = {"Authorization": "Bearer " + "x" * 43}
    every_header["subscription key as bearer"] = {
        "Authorization": f"Bearer {partner.keys[KeyPurpose.SUBSCRIPTION]}"
    }
    for actor, headers in every_header.items():
        status = Client().generic(method, path_of(address), b"{", headers=headers).status_code
        assert (status != 401) is (actor == who), (actor, status)


@pytest.mark.django_db
@pytest.mark.parametrize("address", list(ADDRESSES))
def test_address_takes_its_method_only(address: str) -> None:
    """
    Reading changes nothing, and writing needs POST.
    """
    allowed, _ = ADDRESSES[address]
    for method in {"GET", "POST", "PUT", "DELETE"} - set(allowed.split(", ")):
        assert Client().generic(method, path_of(address)).status_code == 405


@pytest.mark.django_db
def test_partner_when_suspended_is_shut_out_at_once() -> None:
    """
    Every key of a suspended platform gives 401, and people no longer see it as taking part.
    """
    partner = Partner()
    partners.move(partner.name, to=PartnerState.SUSPENDED, by="test", on=DAY)
    assert partner.changes()["error"]["code"] == "not_authorised"
    assert partner.fetch()["error"]["code"] == "not_authorised"
    assert Person().read()[0]["platforms"] == []
    partners.move(partner.name, to=PartnerState.LIVE, by="test", on=DAY)
    assert partner.changes()["head"] == 0
