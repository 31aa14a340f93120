"""
The words of the pages: every sentence exists in Dutch, French and German, and is kind.
"""

import io
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

import tegenbeeld
from tegenbeeld.content import support_lines

PACKAGE = Path(tegenbeeld.__file__).parent
WEB = PACKAGE.parents[1] / "web"
LANGUAGES = ("nl", "fr", "de")
KEYWORDS = ("_", "gettext", "gettext_lazy", "ngettext", "pgettext")
PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)s")

UNKIND = re.compile(
    r"victim|revenge|slachtoffer|wraak|victime|vengeance|revanche|opfer|\brache", re.IGNORECASE
)
"""Words that a page never says: who opens it is a person, and nobody took revenge for anything."""

CANNOT_BE_PROMISED = re.compile(
    r"irreversib|cannot be reversed|onomkeerbaar|irréversib|unumkehrbar", re.IGNORECASE
)


def _texts_of(source: str) -> set[str]:
    lines = io.BytesIO(source.encode())
    found: set[str] = set()
    for _line, _function, text, _comments in extract_python(
        lines, KEYWORDS, [], {"encoding": "utf-8"}
    ):
        found.update(text if isinstance(text, tuple) else [text])
    return found


@cache
def _sentences() -> frozenset[str]:
    """
    Every text that the pages ask the catalogue for.
    """
    found: set[str] = set()
    for template in PACKAGE.glob("server/**/templates/**/*.html"):
        source = templatize(template.read_text("utf-8"))
        # What Django makes of a template is Python but for its indentation.
        found |= _texts_of("\n".join(line.strip() for line in source.splitlines()))
    for module in PACKAGE.glob("server/**/*.py"):
        found |= _texts_of(module.read_text("utf-8"))
    return frozenset(found)


def _catalogue(language: str) -> Catalog:
    path = PACKAGE / "server" / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def test_sentences_when_templates_are_read():
    """The pages do ask for sentences: an empty set would make the other tests pass."""
    assert "Leave this page" in _sentences()
    assert "Picture {number}" in _sentences()


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_when_compared_with_the_pages(language):
    """Every sentence is translated, and no translation is left over."""
    translated = {message.id for message in _messages(language) if message.string}

    assert _sentences() - translated == set()
    assert translated - _sentences() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_when_it_is_looked_at(language):
    """Nothing fuzzy; the same placeholders; no spaces or marks lost at the ends."""
    for message in _messages(language):
        assert not message.fuzzy, message.id
        wanted, given = PLACEHOLDER.findall(message.id), PLACEHOLDER.findall(message.string)
        assert sorted(wanted) == sorted(given), message.id
        assert message.string == message.string.strip(), message.id
        for mark in (".", "?", "…"):
            assert message.id.endswith(mark) == message.string.endswith(mark), message.id


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_words_when_a_person_reads_them(language):
    """No word that blames or labels, and no promise that nobody can make."""
    texts = [
        *(_sentences() if language == "en" else (m.string for m in _messages(language))),
        *(
            text
            for line in support_lines()
            for words in line.words.values()
            for text in (words.who, words.about, words.not_for, words.covers)
        ),
    ]
    for text in texts:
        assert not UNKIND.search(text), text
        assert not CANNOT_BE_PROMISED.search(text), text


def test_browser_words_when_scripts_use_them():
    """The scripts ask for words that the server gives, and it gives none that nothing asks for."""
    words = (PACKAGE / "server" / "portal" / "words.py").read_text("utf-8")
    given = set(re.findall(r'^\s+"([\w-]+)": _\(', words, re.MULTILINE))
    scripts = "\n".join(
        path.read_text("utf-8")
        for folder in ("portal", "components", "pdq", "code", "video")
        for path in (WEB / folder).glob("*.mjs")
    )
    texts = set(re.findall(r'"([\w-]+)"', scripts))
    # `reason_${reason}` says each word that fits, if its end stands somewhere as a text.
    composed = [
        (re.escape(start), re.escape(end))
        for start, end in re.findall(r"`([\w-]*)\$\{[^}`]+\}([\w-]*)`", scripts)
        if start + end
    ]
    for key in given:
        plain = re.sub(r"_(one|other)$", "", key)
        derived = any(
            (found := re.fullmatch(f"{start}([\\w-]+){end}", key)) and found[1] in texts
            for start, end in composed
        )
        assert plain in texts or key in texts or derived, f"{key} is never said"
    for key in re.findall(r'\.say\("([\w-]+)"', scripts):
        assert key in given, f"{key} has no words"
    for key in re.findall(r'\.count\("([\w-]+)"', scripts):
        assert {f"{key}_one", f"{key}_other"} <= given, f"{key} lacks a plural form"
