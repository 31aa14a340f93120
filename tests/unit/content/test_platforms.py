"""
Platforms: the data keep the rules, and data that do not are refused.
"""

from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from tegenbeeld.content.platforms import (
    VOCABULARIES,
    Platform,
    Route,
    broken_platforms,
    platforms,
    vocabulary,
)


def by_id(id_: str) -> Platform:
    """
    One platform that is shipped.
    """
    return next(platform for platform in platforms() if platform.id == id_)


def broken(changed: Platform) -> list[str]:
    """
    What is wrong when one platform is changed.
    """
    return broken_platforms(
        [changed if platform.id == changed.id else platform for platform in platforms()]
    )


def with_route(**changes: object) -> Platform:
    """
    Facebook with its first route changed.
    """
    facebook = by_id("facebook")
    first, *rest = facebook.routes
    return replace(facebook, routes=(replace(first, **changes), *rest))


def test_there_are_as_many_as_people_need() -> None:
    """
    At least fifty, of every kind, and the ways that are left for any other website.
    """
    assert len(platforms()) >= 50
    kinds = {kind for platform in platforms() for kind in platform.kinds}
    assert kinds == set(vocabulary("kinds"))
    assert {"any-website", "host", "cloudflare", "registrar"} <= {each.id for each in platforms()}


def test_what_is_shipped_keeps_every_rule() -> None:
    """
    Every name has words in four languages, and no words are left over.
    """
    assert broken_platforms(platforms()) == []
    for name in VOCABULARIES:
        assert vocabulary(name)


def test_nothing_is_called_verified_that_nobody_tried() -> None:
    """
    No route of this version was tried by a person; none may be used by itself.
    """
    routes = [route for platform in platforms() for route in platform.routes]
    assert not any(route.is_verified for route in routes)
    assert any(route.is_certain for route in routes)
    assert not any(route.is_certain for route in routes if route.grade in {"C", "M"})


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"type": "web_form", "address": "http://facebook.com/report"}, "no plain address"),
        ({"type": "web_form", "address": "https://facebook.com/a b"}, "no plain address"),
        ({"type": "email", "address": "https://facebook.com/"}, "no plain address"),
        ({"type": "web_form"}, "no plain address"),
        ({"type": "in_app", "address": "https://facebook.com/"}, "has an address"),
        ({"steps": ("jump",)}, "no words for “jump”"),
        ({"asks": ("blood",)}, "no words for “blood”"),
        ({"source": ""}, "where it was read"),
        ({"grade": "M", "verified_on": date(2026, 11, 1), "verified_by": "A"}, "from memory"),
        ({"verified_on": date(2026, 11, 1)}, "belong together"),
        ({"verified_by": "Ann"}, "belong together"),
    ],
)
def test_broken_route_is_named(changes: dict[str, object], rule: str) -> None:
    """
    With the platform and the rule.
    """
    (problem,) = broken(with_route(**changes))
    assert rule in problem


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"routes": ()}, "no route"),
        ({"kinds": ()}, "of no kind"),
        ({"domains": ("www.facebook.com",)}, "no plain domain"),
        ({"domains": ("Facebook.com",)}, "no plain domain"),
        ({"domains": ("instagram.com",)}, "belongs to several"),
        ({"hashes_source": ""}, "takes hashes"),
        ({"law_source": ""}, "which law"),
        ({"names": {"en": "Face"}}, "a language of its name"),
        ({"tips": ("smile",)}, "no words for “smile”"),
    ],
)
def test_broken_platform_is_named(changes: dict[str, object], rule: str) -> None:
    """
    With its id and the rule.
    """
    assert any(rule in problem for problem in broken(replace(by_id("facebook"), **changes)))


def test_words_that_nobody_uses_are_named() -> None:
    """
    A step that went away takes its words with it.
    """
    left = [platform for platform in platforms() if platform.id != "flickr"]
    assert "steps: nobody uses “flag”" in broken_platforms(left)


def test_unknown_field_is_refused() -> None:
    """
    A slip of the pen in a file is no new fact.
    """
    with pytest.raises(msgspec.ValidationError, match="unknown field `adress`"):
        msgspec.convert({"type": "in_app", "adress": "x"}, Route)
