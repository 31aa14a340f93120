"""
What people read is easy: about level B1, in each language.
"""

import re

import pytest

from repo import test_translations as catalogue
from tegenbeeld.content import support_lines
from tegenbeeld.content.articles import ARTICLES, LANGUAGES, article
from tegenbeeld.content.facts import facts
from tegenbeeld.content.laws import laws
from tegenbeeld.content.platforms import vocabulary
from tegenbeeld.content.triage import triage
from testing.readability import lix, sentences

# "Easy" ends at 40. Dutch and German join words, French has long articles before them.
HARDEST = {"en": 35, "nl": 38, "fr": 40, "de": 40}
HARDER_BY = {"laws": 9}
"""Those are written to platforms and senders; said shorter they would say something else."""
LONGEST_SENTENCE = {"en": 33, "nl": 33, "fr": 36, "de": 33}
"""In words."""

# The subject has no shorter words for these.
IGNORED = frozenset(
    [
        "platform",
        "platforms",
        "platformen",
        "plateforme",
        "plateformes",
        "plattform",
        "plattformen",
        "fingerprint",
        "fingerprints",
        "vingerafdruk",
        "vingerafdrukken",
        "empreinte",
        "empreintes",
        "fingerabdruck",
        "fingerabdrücke",
    ]
)

_MARKUP = re.compile(r"^:::.*$|\{fact:[\w-]+\}|\(page:\w+\)|[*#\[\]]", re.MULTILINE)


def texts(language):
    """
    Every text that a person reads, by what it is.
    """
    for name in ARTICLES:
        read = article(name, language)
        yield name, f"{read.title}.\n{read.lead}\n{_MARKUP.sub('', read.body)}"
    steps = (text for step in triage().steps for text in (step.title, step.text, step.when))
    asked = (q.text for q in triage().questions)
    yield "plan", "\n".join(text.of(language) for text in (*asked, *steps))
    yield "facts", "\n".join(fact.text(language) for fact in facts().values())
    yield "laws", "\n".join(law.text.of(language) for law in laws())
    for spoken in ("steps", "asks", "escalation", "tips", "hazards"):
        named = vocabulary(spoken).values()
        yield spoken, "\n".join(f"{text.of(language).rstrip('.')}." for text in named)
    said = (line.words[language] for line in support_lines())
    yield "lines", "\n".join(f"{w.who}.\n{w.about}\n{w.not_for}\n{w.covers}" for w in said)
    if language == "en":
        yield "pages", "\n".join(catalogue._sentences())
    else:
        yield "pages", "\n".join(message.string for message in catalogue._messages(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_when_measured_are_easy(language):
    """Each text by itself, so that an easy one does not hide a hard one."""
    measured = {name: round(lix(text, ignored=IGNORED), 1) for name, text in texts(language)}
    bounds = {name: HARDEST[language] + HARDER_BY.get(name, 0) for name in measured}
    assert {name: value for name, value in measured.items() if value > bounds[name]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_when_counted_are_short(language):
    """A long sentence hides among short ones: so each is counted."""
    for name, text in texts(language):
        for sentence in sentences(text):
            longest = LONGEST_SENTENCE[language] + HARDER_BY.get(name, 0)
            assert len(sentence.split()) <= longest, (name, sentence)


def test_measure_when_a_text_is_hard_says_so():
    """The words of a law are far above the bound, and a child's below."""
    law = (
        "Processing shall be lawful only if and to the extent that processing is necessary for "
        "compliance with a legal obligation to which the controller is subject notwithstanding "
        "supplementary provisions of national legislation."
    )
    assert lix(law) > 60
    assert lix("The cat sat on the mat. It was warm. It slept.") < 10
    assert lix("Notwithstanding it.") > lix(
        "Notwithstanding it.", ignored=frozenset({"notwithstanding"})
    )
