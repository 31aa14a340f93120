"""
Support lines: the data keep the rules, and data that do not are refused.
"""

from datetime import UTC, date, datetime

import pytest
from msgspec import ValidationError
from msgspec.structs import replace

from tegenbeeld.content.support_lines import (
    Channel,
    Hours,
    broken_lines,
    read_support_lines,
    support_lines,
)

BELGIAN = [
    *("emergency", "police", "zelfmoordlijn", "prevention_suicide", "telefonhilfe", "1712"),
    *("institute", "child_focus", "care_centres", "sos_viol", "violences_conjugales", "caw"),
    *("tele_onthaal", "tele_accueil", "chs", "awel", "ecoute_enfants", "eva", "legal_aid", "bipt"),
]

BRUSSELS = "Europe/Brussels"


def test_lines_when_shipped_keep_every_rule():
    """The files that we ship read, and break no rule."""
    assert broken_lines(support_lines()) == []


def test_lines_when_shipped_begin_with_the_nearest_help():
    """Danger first, then thoughts of suicide, then Belgium; each country once."""
    lines = support_lines()
    assert [line.id for line in lines if line.country == "BE"] == BELGIAN
    assert [line.id for line in lines[: len(BELGIAN)]] == BELGIAN
    countries = list(dict.fromkeys(line.country for line in lines))
    assert countries[-1] == "world"
    assert [line.country for line in lines] == sorted(
        (line.country for line in lines), key=countries.index
    )
    assert {"helpwanted", "stopncii", "take_it_down"} <= {line.id for line in lines}


def test_lines_when_shipped_say_where_each_fact_was_read():
    """No fact without source and grade; one from memory has no day on which it was checked."""
    for line in support_lines():
        assert line.source
        for channel in line.channels:
            assert line.is_certain(channel) == ((channel.grade or line.grade) in {"A", "B"})
        if line.grade == "M":
            assert line.verified_on is None


PHONE = Channel(way="phone", to="1712")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"channels": ()}, "no way"),
        ({"channels": (replace(PHONE, to="call us"),)}, "not a phone number"),
        ({"channels": (replace(PHONE, to="1"),)}, "not a phone number"),
        ({"channels": (Channel(way="web", to="http://1712.be/"),)}, "plain address"),
        ({"channels": (Channel(way="chat", to="https://1712.be/?from=us"),)}, "plain address"),
        ({"channels": (Channel(way="mail", to="1712"),)}, "plain address"),
        ({"channels": (replace(PHONE, grade="M"),)}, "no source of its own"),
        ({"channels": (replace(PHONE, hours_grade="M", source="x"),)}, "hours that are not there"),
        ({"grade": "M", "verified_on": date(2026, 1, 2)}, "from memory"),
    ],
)
def test_line_when_it_breaks_a_rule(change, rule):
    """Each rule is told apart, with the id of the line."""
    line = next(line for line in support_lines() if line.id == "1712")
    broken = broken_lines([replace(line, **change)])
    assert [each.id for each in broken] == ["1712"]
    assert rule in broken[0].rule


def test_lines_when_an_id_or_a_language_is_wrong():
    """An id used twice, a language left out, and a sentence in some languages only are found."""
    line = support_lines()[0]
    short = replace(line, id="short", words={"en": line.words["en"]})
    half = replace(
        line, id="half", words={**line.words, "nl": replace(line.words["nl"], not_for="Niet.")}
    )
    rules = {each.rule for each in broken_lines([line, line, short, half])}
    assert rules == {
        "the id is used twice",
        "a language is missing",
        "not_for is there in one language and not in another",
    }


HEAD = """
[[lines]]
id = "x"
name = "X"
country = "BE"
for_whom = "adults"
languages = []
source = "x"
grade = "A"
"""
WORDS = "\n".join(
    f'[lines.words.{code}]\nwho = "All"\nabout = "Text."' for code in ("en", "nl", "fr", "de")
)


def test_file_when_a_field_is_unknown_or_a_rule_is_broken():
    """A misspelt field is refused; a broken rule is named in the message."""
    ways = 'channels = [{way = "phone", to = "1712"}]\n'
    assert read_support_lines(f"{HEAD}{ways}{WORDS}")[0].channels == (PHONE,)
    with pytest.raises(ValidationError):
        read_support_lines(f'{HEAD}{ways}telephone = "1"\n{WORDS}')
    with pytest.raises(ValueError, match="x: there is no way"):
        read_support_lines(f"{HEAD}channels = []\n{WORDS}")


@pytest.mark.parametrize(
    "spans", [(), ("Mo-Fr 9-17",), ("Xx 09:00-17:00",), ("Mo 24:30-25:00",), ("",)]
)
def test_hours_when_they_are_not_spans(spans):
    """They are refused when the file is read, not when somebody needs them."""
    with pytest.raises(ValueError, match="span"):
        Hours(open=spans, time_zone=BRUSSELS)


def test_hours_when_the_time_zone_is_unknown():
    """It is refused as well."""
    with pytest.raises(ValueError, match="time zone"):
        Hours(open=("Mo 09:00-17:00",), time_zone="Europe/Bruxelles")


@pytest.mark.parametrize(
    ("span", "utc", "is_open"),
    [
        # Brussels is one hour ahead in winter, two in summer.
        ("Mo-Fr 09:00-17:00", "2026-01-05 07:59", False),
        ("Mo-Fr 09:00-17:00", "2026-01-05 08:00", True),
        ("Mo-Fr 09:00-17:00", "2026-01-05 16:00", False),
        ("Mo-Fr 09:00-17:00", "2026-07-06 07:00", True),
        ("Mo-Fr 09:00-17:00", "2026-07-06 15:00", False),
        # The clocks go forward at 2:00 on 29 March: 1:59 and 3:00 follow each other.
        ("Su 02:00-03:00", "2026-03-29 00:59", False),
        ("Su 02:00-03:00", "2026-03-29 01:00", False),
        # And back at 3:00 on 25 October: 2:30 comes twice.
        ("Su 02:00-03:00", "2026-10-25 00:30", True),
        ("Su 02:00-03:00", "2026-10-25 01:30", True),
        # Over midnight, and over the end of the week.
        ("Fr 20:00-02:00", "2026-01-09 22:59", True),
        ("Fr 20:00-02:00", "2026-01-10 00:59", True),
        ("Fr 20:00-02:00", "2026-01-10 01:00", False),
        ("Fr 20:00-02:00", "2026-01-09 00:30", False),
        ("Su 22:00-06:00", "2026-01-12 03:00", True),
        ("Sa-Mo 10:00-12:00", "2026-01-12 10:00", True),
        ("Sa-Mo 10:00-12:00", "2026-01-13 10:00", False),
        ("Mo-Su 00:00-24:00", "2026-01-13 23:30", True),
    ],
)
def test_hours_when_it_is_some_moment(span, utc, is_open):
    """By the clocks of the place, over midnight, and when the clocks change."""
    at = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert Hours(open=(span,), time_zone=BRUSSELS).is_open(at) is is_open


def test_hours_when_the_moment_has_no_time_zone():
    """Nobody can say, so it is refused."""
    with pytest.raises(ValueError, match="aware"):
        Hours(open=("Mo 09:00-17:00",), time_zone=BRUSSELS).is_open(datetime(2026, 1, 5))  # noqa: DTZ001
