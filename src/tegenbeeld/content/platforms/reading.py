"""
Reads the platforms and the words about them, and refuses data that break a rule.

Rules:
    - a file is named after the id in it, and has at least one route;
    - every step, question, tip, hazard and way to go on has words in all four languages, and no
      words are there that nobody uses;
    - a form has a plain https address, a mail route a mail address, and nothing else has one;
    - a domain belongs to one platform;
    - every route says where it was read; what is from memory carries no day of verification, and a
      day comes with who it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from tegenbeeld.content.platforms.platform import Platform, Route
from tegenbeeld.content.values import Text

VOCABULARIES = ("types", "steps", "asks", "escalation", "tips", "hazards", "kinds", "law")
"""The files in `words/`."""

_ADDRESSES = {
    "web_form": re.compile(r"https://[a-z0-9.-]+(?:/[A-Za-z0-9._/?=&-]*)?"),
    "email": re.compile(r"[A-Za-z0-9._-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
}
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


@cache
def vocabulary(name: str) -> Mapping[str, Text]:
    """
    The words of one of `VOCABULARIES`, by name, in the order of the file.

    Raises:
        msgspec.ValidationError: A language is missing.
    """
    text = files("tegenbeeld.content.platforms").joinpath("words", f"{name}.toml").read_bytes()
    return msgspec.toml.decode(text, type=dict[str, Text])


@cache
def platforms() -> tuple[Platform, ...]:
    """
    The platforms of this version, in alphabetical order of their ids.

    Raises:
        ValueError: The data break a rule; the message names the platform and the rule.
    """
    folder = files("tegenbeeld.content.platforms")
    read = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            platform = msgspec.toml.decode(file.read_bytes(), type=Platform)
            if file.name != f"{platform.id}.toml":
                raise ValueError(f"{file.name} has the id {platform.id}. Give both one name.")
            read.append(platform)
    broken = broken_platforms(read)
    if broken:
        raise ValueError(f"Platforms are not right. Correct their files: {'; '.join(broken)}.")
    return tuple(read)


def broken_platforms(read: Sequence[Platform]) -> list[str]:
    """
    Check the rules of this module.

    Returns:
        A sentence for each rule that is broken, with the platform; none if all is well.
    """
    broken = [f"{platform.id}: {rule}" for platform in read for rule in _rules_broken(platform)]
    domains = Counter(domain for platform in read for domain in platform.domains)
    broken += [f"{domain} belongs to several" for domain, count in domains.items() if count > 1]
    used = _used(read)
    for name in VOCABULARIES:
        known = vocabulary(name).keys()
        broken += [f"{name}: nobody uses “{word}”" for word in known - used[name]]
        broken += [f"{name}: no words for “{word}”" for word in used[name] - known]
    return sorted(broken)


def _used(read: Iterable[Platform]) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {name: set() for name in VOCABULARIES}
    for platform in read:
        for route in platform.routes:
            used["types"].add(route.type)
            used["steps"].update(route.steps)
            used["asks"].update(route.asks)
        for name in ("escalation", "tips", "hazards", "kinds", "law"):
            used[name].update(getattr(platform, name))
    return used


def _rules_broken(platform: Platform) -> Iterable[str]:
    if not platform.routes:
        yield "there is no route"
    if not platform.kinds:
        yield "it is of no kind"
    if platform.law and not platform.law_source:
        yield "it does not say where it was read which law binds it"
    if platform.names and set(platform.names) != {"en", "nl", "fr", "de"}:
        yield "a language of its name is missing"
    takes = {platform.takes_hashes, platform.takes_hashes_of_minors} & {"yes", "announced"}
    if takes and not (platform.hashes_source and platform.hashes_as_of):
        yield "it takes hashes, but nobody says where that was read, and when"
    for domain in platform.domains:
        if not _DOMAIN.fullmatch(domain) or domain.startswith("www."):
            yield f"“{domain}” is no plain domain"
    for route in platform.routes:
        yield from _route_rules_broken(route)


def _route_rules_broken(route: Route) -> Iterable[str]:
    shape = _ADDRESSES.get(route.type)
    addresses = [route.address, *(other.address for other in route.others)]
    if shape is None and any(addresses):
        yield f"a route of type {route.type} has an address"
    if shape is not None and not all(map(shape.fullmatch, addresses)):
        yield f"“{addresses}” is no plain address for {route.type}"
    if not route.source or not all(other.source for other in route.others):
        yield "a route does not say where it was read"
    if route.grade == "M" and route.verified_on is not None:
        yield "a route is from memory, so nobody has verified it on a day"
    if (route.verified_on is None) != (not route.verified_by):
        yield "a day of verification and who it was belong together"
