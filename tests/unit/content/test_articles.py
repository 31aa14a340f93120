"""
Articles: each language says what the English says, and names what exists.
"""

import re

import pytest

from tegenbeeld.content import articles
from tegenbeeld.content.articles import ARTICLES, LANGUAGES, article, article_text, broken_articles
from tegenbeeld.content.facts import facts, read_facts

PAGES = {*ARTICLES, "help", "about", "protect", "follow", "check"}


def test_articles_when_shipped_are_whole():
    """Every language is there, of the English text of today, and names no unknown fact or line."""
    assert broken_articles() == []


@pytest.mark.parametrize("name", ARTICLES)
def test_article_when_translated_has_the_same_build(name):
    """The same headings, lists, blocks, facts and links, in the same order; only lines differ."""
    build = re.compile(
        r"^(#+|-|\d+\.|:::(?: \w+)?)(?= |$)|\{fact:[a-z-]+\}|\(page:\w+\)", re.MULTILINE
    )
    english = [found.group() for found in build.finditer(article(name, "en").body)]
    assert len(english) > 10
    for language in LANGUAGES[1:]:
        body = article(name, language).body
        assert [found.group() for found in build.finditer(body)] == english, language


@pytest.mark.parametrize("language", LANGUAGES)
def test_article_when_it_links_names_pages_of_the_site(language):
    """And nothing else: who helps stands in the data of the lines."""
    for name in ARTICLES:
        for target in re.findall(r"\]\(([^)]*)\)", article(name, language).body):
            assert target.removeprefix("page:") in PAGES, (name, target)


def test_article_when_the_english_changes_is_named(monkeypatch):
    """The other three are to be reviewed."""

    def changed(name, language):
        text = article_text(name, language)
        return f"{text}\nMore." if (name, language) == ("young", "en") else text

    monkeypatch.setattr(articles, "article_text", changed)
    assert [problem.split()[0] for problem in broken_articles()] == [
        "young/nl.md",
        "young/fr.md",
        "young/de.md",
    ]


def test_article_when_it_names_what_is_not_there_is_named(monkeypatch):
    """An unknown fact, an unknown line, a missing head."""

    def changed(name, language):
        if (name, language) != ("words", "de"):
            return article_text(name, language)
        return article_text(name, language) + "\n{fact:moon}\n\n::: lines nobody\n"

    monkeypatch.setattr(articles, "article_text", changed)
    assert sorted(problem.split()[2] for problem in broken_articles()) == ["moon,", "nobody,"]
    monkeypatch.setattr(articles, "article_text", lambda *_: "no head")
    assert all("cannot be read" in problem for problem in broken_articles())


def test_facts_when_shipped_are_all_cited():
    """None stands here for nothing; the start shows the rest."""
    cited = {id_ for name in ARTICLES for id_ in articles.CITED.findall(article(name, "en").body)}
    assert {*facts()} - cited == {"study"}


def test_facts_when_a_rule_is_broken():
    """A language left out, and a day of checking for what is from memory."""
    whole = 'en = "A"\nnl = "A"\nfr = "A"\nde = "A"\nsource = "x"\n'
    assert read_facts(f'[one]\n{whole}grade = "A"')["one"].text("de") == "A"
    with pytest.raises(ValueError, match="one lacks"):
        read_facts(f'[one]\n{whole}grade = "A"'.replace('fr = "A"', 'fr = ""'))
    with pytest.raises(ValueError, match="memory"):
        read_facts(f'[one]\n{whole}grade = "M"\nverified_on = 2026-01-02')
