"""
Articles as pages.
"""

import pytest
from django.test import Client

from tegenbeeld.content.articles import ARTICLES, LANGUAGES, article
from tegenbeeld.content.facts import facts
from tegenbeeld.server.portal.pages.articles import parts

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ARTICLES)
def test_article_is_shown_in_its_language_with_its_sources(
    client: Client, name: str, language: str
) -> None:
    """Nothing of how it is written is left over; each fact stands at the end with its source."""
    read = article(name, language)  # type: ignore[arg-type]
    text = client.get(f"/{language}/{name}/", secure=True).content.decode()
    assert f"<h1>{read.title}</h1>" in text
    main = text[text.index("<main") : text.index("</main>")]
    for left_over in (":::", "{fact:", "page:", "**", "](", "+++"):
        assert left_over not in main
    for id_, fact in facts().items():
        if f"{{fact:{id_}}}" in read.body:
            assert fact.source in main


def test_parts_are_shown_in_order_and_no_html_gets_through() -> None:
    """Blocks are taken out of the text around them; links lead to the page in her language."""
    body = "One <b>bold</b>.\n\n::: note\nTwo [help](page:help).\n:::\n\n::: lines 1712\n\nThree.\n"
    shown = list(parts(body, "fr"))
    assert [part.kind for part in shown] == ["text", "note", "lines", "text"]
    assert "&lt;b&gt;" in shown[0].html
    assert 'href="/fr/help/"' in shown[1].html
    assert [line.name for line in shown[2].lines] == ["1712"]
