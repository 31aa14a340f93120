"""
Every page in every language: what it leaves in a history, and what it asks of a browser.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

pytestmark = pytest.mark.django_db

TELLING = re.compile(
    r"ncii|nude|naked|naakt|nackt|sex|porn|intim|revenge|wraak|vengeance|rache|abuse|misbruik|abus|"
    r"missbrauch|stop-|hash|foto|photo|picture|bild|afbeelding|image|protect-|victim|slachtoffer",
    re.IGNORECASE,
)
"""What neither an address nor a title says: both stand in the history."""

LOADS = {"script": "src", "link": "href", "img": "src", "source": "src", "video": "src"}

TYPED = {"text", "search", "email", "tel", "url", "password", "number", "date", None}
"""Kinds of `input` whose content a browser offers again, or sends away to have it spelled."""


class Tag(NamedTuple):
    """
    One element of a page.
    """

    name: str
    attributes: dict[str, str | None]


class Page(HTMLParser):
    """
    A page taken apart: its elements, its titles, and the text within scripts and styles.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[Tag] = []
        self.titles: list[str] = []
        self.inline: list[tuple[Tag, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """
        Note an element.
        """
        self.tags.append(Tag(tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """
        Note what stands where only code or a title does.
        """
        last = self.tags[-1] if self.tags else Tag("", {})
        if last.name in {"script", "style"} and data.strip():
            self.inline.append((last, data))
        if self.lasttag == "title" and data.strip() and not self.titles:
            self.titles.append(data.strip())

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """
        The attributes of every element with one of these names.
        """
        return [tag.attributes for tag in self.tags if tag.name in names]


def page_paths() -> Iterator[str]:
    """
    Every address of a page that needs nothing filled in.
    """
    languages = {code for code, _ in settings.LANGUAGES}
    for outer in get_resolver().url_patterns:
        inner = outer.url_patterns if isinstance(outer, URLResolver) else []
        for language in inner:
            if str(language.pattern).strip("/") not in languages:
                continue
            for pattern in language.url_patterns:
                path = f"/{language.pattern}{pattern.pattern}"
                if isinstance(pattern, URLPattern) and "<" not in path:
                    yield path


PATHS = [*page_paths(), *(f"/{code}/nothing-here/" for code, _ in settings.LANGUAGES)]


@pytest.fixture(params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    """
    The address of a page, or of none.
    """
    address: str = request.param
    return address


@pytest.fixture
def page(path: str) -> Page:
    """
    What a browser without anything gets there.
    """
    response = Client().get(path, headers={"Accept": "text/html"})
    assert response.status_code == (404 if "nothing-here" in path else 200)
    assert not response.cookies
    return Page(response.content.decode())


def test_there_are_pages_to_look_at() -> None:
    """
    Four languages with the same pages; an empty list would make the other tests pass.
    """
    rest = {code: set() for code, _ in settings.LANGUAGES}
    for path in PATHS:
        rest[path[1:3]].add(path[3:])
    assert len(rest["en"]) >= 6
    assert all(pages == rest["en"] for pages in rest.values())


def test_history_says_nothing(path: str, page: Page) -> None:
    """
    One title for all: the operator's name of the site. The address is one plain word.
    """
    assert page.titles == [settings.SITE_NAME]
    assert not TELLING.search(path)
    assert re.fullmatch(r"/[a-z]{2}/([a-z-]+/)*", path)


def test_head_says_nothing_to_those_who_preview(page: Page) -> None:
    """
    No description, no card for messengers, no application to install; a plain icon of our own.
    """
    names = {meta.get("name") or meta.get("property") for meta in page.all("meta")} - {None}
    assert names == {"viewport", "color-scheme", "referrer", "format-detection"}
    links = {(link["rel"], link["href"]) for link in page.all("link")}
    icons = [href for rel, href in links if rel == "icon"]
    assert icons == ["/static/portal/icon.svg"]
    assert {rel for rel, _ in links} <= {"icon", "stylesheet", "modulepreload"}


def test_nothing_is_inline_and_nothing_foreign_is_loaded(page: Page) -> None:
    """
    Words for the scripts are data; everything that is fetched is ours; only links lead away.
    """
    for tag, text in page.inline:
        assert tag.attributes.get("type") == "application/json", text[:80]
    for tag in page.tags:
        assert "style" not in tag.attributes, tag
        assert not [name for name in tag.attributes if name.startswith("on")], tag
        address = tag.attributes.get(LOADS.get(tag.name, ""))
        assert address is None or re.match(r"/static/[a-z]", address), tag
    assert not page.all("iframe", "object", "embed", "base", "style")


def test_links_tell_the_next_site_nothing(page: Page) -> None:
    """
    No query and no fragment but within the page; a link to elsewhere is https, phone or mail.
    """
    for link in page.all("a"):
        address = link["href"] or ""
        assert re.match(r"(/|#|https://|tel:|mailto:)", address), address
        assert address.startswith("https://") or "?" not in address, address


def test_fields_are_not_remembered_nor_sent_to_be_spelled(page: Page) -> None:
    """
    What is typed or chosen is offered to nobody who comes later.
    """
    forms = page.all("form")
    assert all(form.get("autocomplete") == "off" for form in forms)
    for field in page.all("textarea", *(["input"] if forms else [])):
        if field.get("type") in TYPED:
            assert field.get("autocomplete") == "off", field
            assert field.get("spellcheck") == "false", field


def test_way_out_is_on_every_page(page: Page) -> None:
    """
    The first link, for who listens or moves by keyboard, and the one in the bar.
    """
    ways = [link for link in page.all("a") if link["href"] == "/exit"]
    assert len(ways) >= 2
    assert page.all("a")[0] == ways[0]
    assert all(link["rel"] == "nofollow noreferrer" for link in ways)
    assert page.all("html")[0]["data-exit"] == settings.EXIT_URL
    assert page.all("script")[0]["src"] == "/static/portal/returned.mjs"
