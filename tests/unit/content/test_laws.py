"""
Laws: each holds for the day of the facts, and data that break a rule are refused.
"""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from tegenbeeld.content.laws import Form, broken_laws, laws, laws_for

LAST_OF_THE_OLD, FIRST_OF_THE_NEW = date(2026, 8, 31), date(2026, 9, 1)


def ids(form: Form, day: date) -> set[str]:
    """
    Belgian laws about a form on a day.
    """
    return {law.id for law in laws_for(form, day=day) if law.id.startswith("be-")}


def test_what_is_shipped_keeps_every_rule() -> None:
    """
    Each with source and grade; what is from memory is certain for nobody.
    """
    assert broken_laws(laws()) == []
    assert not any(law.is_certain for law in laws() if law.grade in {"C", "M"})
    assert not any(law.is_certain for law in laws() if not law.is_settled)


def test_criminal_code_changes_with_the_first_of_september_2026() -> None:
    """
    Facts of the day before fall under the old articles, and of that day under the new ones.
    """
    assert {"be-417-9", "be-417-10"} <= ids("spread", LAST_OF_THE_OLD)
    assert {"be-136", "be-137"} <= ids("spread", FIRST_OF_THE_NEW)
    assert "be-136" not in ids("spread", LAST_OF_THE_OLD)
    assert "be-417-9" not in ids("spread", FIRST_OF_THE_NEW)
    assert "be-417-8" in ids("voyeurism", LAST_OF_THE_OLD)
    assert "be-135" in ids("voyeurism", FIRST_OF_THE_NEW)


@pytest.mark.parametrize("form", ["spread", "voyeurism", "deepnude"])
def test_no_day_is_without_a_law(form: Form) -> None:
    """
    Every day since June 2022, in Belgium: no gap between one code and the next.
    """
    day = date(2022, 6, 1)
    while day <= date(2027, 1, 1):
        assert ids(form, day) - {"be-584", "be-187"}, (form, day)
        day += timedelta(days=1)


def test_texts_are_our_own_and_name_no_future() -> None:
    """
    Nothing holds from a day that has not come when this version was made.
    """
    assert all(law.valid_from <= date(2026, 11, 24) for law in laws())


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"id": "xx-1"}, "jurisdiction"),
        ({"id": "be-137"}, "used twice"),
        ({"forms": ()}, "about nothing"),
        ({"source": ""}, "where it was read"),
        ({"valid_to": date(2026, 8, 31)}, "ends before it begins"),
        ({"grade": "M", "verified_on": date(2026, 11, 1)}, "from memory"),
    ],
)
def test_broken_law_is_named(changes: dict[str, object], rule: str) -> None:
    """
    With the rule.
    """
    first, *rest = laws()
    assert first.id == "be-136"
    (problem,) = broken_laws([replace(first, **changes), *rest])
    assert rule in problem
