"""
Having something taken down: platform by platform, and what comes first and after.

The whole guide is one document, the same for everybody: which platforms a person looks for, she
chooses on her device.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tegenbeeld.content import Language
from tegenbeeld.content.notices import citations, notice_parts
from tegenbeeld.content.platforms import Platform, Route, platforms, vocabulary
from tegenbeeld.server.portal import words
from tegenbeeld.server.portal.language import active_language
from tegenbeeld.server.portal.pages.lines import chosen
from tegenbeeld.server.portal.pages.rendering import page

UNDER_18_LINES = ("child_focus", "take_it_down")


class AddressOnPage(NamedTuple):
    """
    Where a route leads: what people read, and the link.
    """

    text: str
    link: str
    source: str


class RouteOnPage(NamedTuple):
    """
    One way, in the language of the page. See `content.platforms.Route`.
    """

    name: str
    address: AddressOnPage | None
    others: list[AddressOnPage]
    steps: list[str]
    asks: list[str]
    needs_account: str
    is_verified: bool
    is_certain: bool
    source: str


class PlatformOnPage(NamedTuple):
    """
    One platform, in the language of the page. See `content.platforms.Platform`.
    """

    id: str
    name: str
    domains: str
    routes: list[RouteOnPage]
    hazards: list[str]
    tips: list[str]
    escalation: list[str]
    law: list[str]
    law_names: str
    claimed_hours: int | None
    takes_hashes: bool


class KindOnPage(NamedTuple):
    """
    Platforms of one kind.
    """

    id: str
    name: str
    platforms: list[PlatformOnPage]


@require_safe
def remove(request: HttpRequest) -> HttpResponse:
    """
    Show all platforms, by kind; a browser with scripts picks those of her addresses.
    """
    context = {
        "words": words.for_removing(),
        "kinds": kinds(active_language()),
        "parts": msgspec.to_builtins(notice_parts()),
        "laws": msgspec.to_builtins(citations()),
        "under_18_lines": chosen(UNDER_18_LINES),
    }
    return page(request, "removal", context)


def kinds(language: Language) -> list[KindOnPage]:
    """
    The platforms by what they are first of all, in the order of `words/kinds.toml`.
    """
    return [
        KindOnPage(
            id=kind,
            name=text.of(language),
            platforms=[_platform(each, language) for each in platforms() if each.kinds[0] == kind],
        )
        for kind, text in vocabulary("kinds").items()
    ]


def _platform(platform: Platform, language: Language) -> PlatformOnPage:
    def say(name: str) -> list[str]:
        return [vocabulary(name)[word].of(language) for word in getattr(platform, name)]

    return PlatformOnPage(
        id=platform.id,
        name=platform.name_in(language),
        domains=" ".join(platform.domains),
        routes=[_route(route, language) for route in platform.routes],
        hazards=say("hazards"),
        tips=say("tips"),
        escalation=say("escalation"),
        law=say("law"),
        law_names=" ".join(platform.law),
        claimed_hours=platform.claimed_hours,
        takes_hashes=platform.takes_hashes == "yes",
    )


def _route(route: Route, language: Language) -> RouteOnPage:
    return RouteOnPage(
        name=vocabulary("types")[route.type].of(language),
        address=_address(route.address, route.source) if route.address else None,
        others=[_address(other.address, other.source) for other in route.others],
        steps=[vocabulary("steps")[step].of(language) for step in route.steps],
        asks=[vocabulary("asks")[ask].of(language) for ask in route.asks],
        needs_account=route.needs_account,
        is_verified=route.is_verified,
        is_certain=route.is_certain,
        source=route.source,
    )


def _address(address: str, source: str) -> AddressOnPage:
    if "://" not in address:
        return AddressOnPage(address, f"mailto:{address}", source)
    parts = urlsplit(address)
    return AddressOnPage(parts.netloc + parts.path.rstrip("/"), address, source)
