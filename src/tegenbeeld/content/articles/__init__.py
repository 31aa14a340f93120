"""
Articles: texts to read, one folder each, one Markdown file per language.

A file begins with TOML between `+++`: `title`, `lead`, and in a translation `of`, the digest of the
English file that it translates. So nobody reads a translation of what the English no longer says:
`broken_articles` names it, and the tests fail.

A text holds headings, lists, links and blocks; `server/portal/pages/articles.py` shows them.
"""

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

import msgspec

from tegenbeeld.content.facts import facts
from tegenbeeld.content.support_lines import support_lines
from tegenbeeld.content.values import Language

ARTICLES = ("safety", "friends", "young", "appointment", "words")
"""Names of the articles, which are also those of their folders and addresses."""

LANGUAGES: tuple[Language, ...] = ("en", "nl", "fr", "de")

CITED = re.compile(r"\{fact:([a-z-]+)\}")
"""How a text cites a fact."""

LISTED = re.compile(r"^::: lines ([a-z0-9_ ]+)$", re.MULTILINE)
"""How a text shows support lines."""

_DIGITS = 16


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    lead: str
    of: str | None = None


class Article(NamedTuple):
    """
    One article in one language.

    Attributes:
        title: Its heading.
        lead: What it is about, in a sentence or two.
        body: Markdown.
        of: Digest of the English file that this translates; None for the English one.
    """

    title: str
    lead: str
    body: str
    of: str | None


def digest(text: str) -> str:
    """
    Name the content of an English file: 16 hexadecimal digits.
    """
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def article_text(name: str, language: Language) -> str:
    """
    Read the file of an article.
    """
    folder = files("tegenbeeld.content.articles")
    return folder.joinpath(name, f"{language}.md").read_text("utf-8")


def read_article(text: str) -> Article:
    """
    Read an article.

    Raises:
        ValueError: It does not begin as it should.
    """
    start, head, body = (*text.split("+++\n", 2), "", "")[:3]
    if start or not head or not body:
        raise ValueError("An article begins with TOML between two lines of +++.")
    read = msgspec.toml.decode(head, type=_Head)
    return Article(read.title, read.lead, body.strip() + "\n", read.of)


@cache
def article(name: str, language: Language) -> Article:
    """
    Give an article of this version.

    Args:
        name: One of `ARTICLES`.
        language: Of the text.

    Raises:
        ValueError: Its file is not as it should be.
    """
    return read_article(article_text(name, language))


def broken_articles() -> list[str]:
    """
    Name what is wrong with the articles of this version, in words; empty if all is well.
    """
    return [problem for name in ARTICLES for problem in _problems(name)]


def _problems(name: str) -> list[str]:
    found = []
    current = digest(article_text(name, "en"))
    ids = {line.id for line in support_lines()}
    for language in LANGUAGES:
        try:
            text = article_text(name, language)
            read = read_article(text)
        except (OSError, ValueError) as error:
            found.append(f"{name}/{language}.md cannot be read: {error}")
            continue
        if language != "en" and read.of != current:
            found.append(
                f"{name}/{language}.md translates another English text. Review it, then run "
                "tools/stamp_translations.py."
            )
        unknown = {*CITED.findall(text)} - facts().keys()
        unknown |= {id_ for group in LISTED.findall(text) for id_ in group.split()} - ids
        found += [f"{name}/{language}.md names {id_}, which does not exist" for id_ in unknown]
    return found
