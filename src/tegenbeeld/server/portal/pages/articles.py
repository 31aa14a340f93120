"""
Articles as pages: Markdown to HTML, with blocks for support lines, notes and buttons.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from tegenbeeld.content.articles import CITED, article
from tegenbeeld.content.facts import facts
from tegenbeeld.content.values import Language
from tegenbeeld.server.portal.language import active_language
from tegenbeeld.server.portal.pages.facts import facts_on_page
from tegenbeeld.server.portal.pages.lines import LineOnPage, chosen
from tegenbeeld.server.portal.pages.rendering import page

# `::: lines 1712 institute` alone on a line; or `::: note` up to a line with `:::` alone.
_BLOCK = re.compile(
    r"^::: lines (?P<lines>[a-z0-9_ ]+)$|^::: (?P<kind>note|warning|actions|checklist)\n"
    r"(?P<inner>.*?)^:::$",
    re.MULTILINE | re.DOTALL,
)

# `[text](page:help)` leads to the page in the language that is read.
_TO_PAGE = "page:"


class Part(NamedTuple):
    """
    A part of an article.

    Attributes:
        kind: "text", "note", "warning", "actions", "checklist" or "lines".
        html: What it says; empty for lines.
        lines: Support lines; empty for everything else.
    """

    kind: str
    html: SafeString
    lines: list[LineOnPage]


@require_safe
def show(request: HttpRequest, name: str) -> HttpResponse:
    """
    Show an article in the language of the address.
    """
    language = active_language()
    read = article(name, language)
    context = {
        "article": read,
        "parts": list(parts(read.body, language)),
        "facts": facts_on_page(CITED.findall(read.body)),
    }
    return page(request, "article", context)


def parts(body: str, language: Language) -> Iterator[Part]:
    """
    Take a text apart into what is shown one after another.
    """
    place = 0
    for block in _BLOCK.finditer(body):
        yield from _text(body[place : block.start()], language)
        if block["lines"] is not None:
            yield Part("lines", SafeString(), chosen(block["lines"].split()))
        else:
            yield Part(block["kind"], _html(block["inner"], language), [])
        place = block.end()
    yield from _text(body[place:], language)


def _text(markdown: str, language: Language) -> Iterator[Part]:
    if markdown.strip():
        yield Part("text", _html(markdown, language), [])


def _html(markdown: str, language: Language) -> SafeString:
    told = CITED.sub(lambda found: facts()[found[1]].text(language), markdown)
    reader = MarkdownIt("commonmark", {"html": False})
    tokens = reader.parse(told)
    for token in tokens:
        for inner in token.children or ():
            address = inner.attrGet("href")
            if isinstance(address, str) and address.startswith(_TO_PAGE):
                inner.attrSet("href", f"/{language}/{address.removeprefix(_TO_PAGE)}/")
    # Our own files, and the reader lets no HTML of them through.
    return SafeString(reader.renderer.render(tokens, reader.options, {}))
