"""
Support lines: the data keep the rules, and data that do not are refused.
"""

import pytest
from msgspec import ValidationError
from msgspec.structs import replace

from tegenbeeld.content.support_lines import broken_lines, read_support_lines, support_lines

BELGIAN_FIRST = ["emergency", "police", "1712", "institute", "child_focus"]


def test_lines_when_shipped_keep_every_rule():
    """The file that we ship reads, and breaks no rule."""
    assert broken_lines(support_lines()) == []


def test_lines_when_shipped_begin_with_the_nearest_help():
    """Danger first, then Belgium; other countries come last."""
    lines = support_lines()

    assert [line.id for line in lines[: len(BELGIAN_FIRST)]] == BELGIAN_FIRST
    countries = [line.country for line in lines]
    assert countries == sorted(countries, key=lambda country: country != "BE")


def test_lines_when_from_memory_are_not_certain():
    """A fact of grade M is never shown as certain, nor is a date made up for it."""
    for line in support_lines():
        assert line.is_certain == (line.grade in {"A", "B"})
        if line.grade == "M":
            assert line.verified_on is None


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"tel": ""}, "phone and tel"),
        ({"tel": "call us"}, "can be dialled"),
        ({"phone": "", "tel": "", "url": ""}, "neither"),
        ({"url": "http://1712.be/"}, "https"),
        ({"url": "https://1712.be/?from=us"}, "https"),
    ],
)
def test_line_when_it_breaks_a_rule(change, rule):
    """Each rule is told apart, with the id of the line."""
    line = next(line for line in support_lines() if line.id == "1712")

    broken = broken_lines([replace(line, **change)])

    assert [each.id for each in broken] == ["1712"]
    assert rule in broken[0].rule


def test_lines_when_an_id_or_a_language_is_wrong():
    """An id used twice and a language left out are found."""
    line = support_lines()[0]
    short = replace(line, id="short", words={"en": line.words["en"]})

    rules = {each.rule for each in broken_lines([line, line, short])}

    assert rules == {"the id is used twice", "a language is missing"}


def test_file_when_a_field_is_unknown_or_a_rule_is_broken():
    """A misspelt field is refused; a broken rule is named in the message."""
    words = "\n".join(
        f'[lines.words.{code}]\nfor_whom = "All"\nabout = "Text."' for code in ("en", "nl", "fr")
    )
    head = '[[lines]]\nid="x"\nname="X"\ncountry="BE"\nlanguages=[]\nsource="x"\ngrade="A"\n'

    with pytest.raises(ValidationError):
        read_support_lines(f'{head}telephone = "1"\n{words}')
    with pytest.raises(ValueError, match="x: there is neither"):
        read_support_lines(f"{head}{words}")
