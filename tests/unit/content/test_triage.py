"""
The plan: every answer leads somewhere, in a good order, and the styles know each.
"""

import re
from itertools import chain, combinations, product
from pathlib import Path

import pytest

from tegenbeeld.content.articles import ARTICLES
from tegenbeeld.content.triage import ALWAYS, Triage, triage

STYLES = Path(__file__).resolve().parents[3] / "web" / "styles" / "steps.css"

ONCE = [q for q in triage().questions if not q.many]
MANY = next(q for q in triage().questions if q.many)


def every_combination():
    """
    Every set of answers that a person can choose.
    """
    single = product(*([None, *(answer.id for answer in q.answers)] for q in ONCE))
    ids = [answer.id for answer in MANY.answers]
    several = list(chain.from_iterable(combinations(ids, n) for n in range(len(ids) + 1)))
    for one, more in product(list(single), several):
        yield {id_ for id_ in (*one, *more) if id_}


def plan(chosen):
    """
    Ids of the steps that are shown.
    """
    return [step.id for step in triage().steps if step.fits(chosen)]


def test_plan_when_any_answers_are_given_ends_with_people():
    """Never empty, and somebody to talk to stands in each."""
    for chosen in every_combination():
        assert plan(chosen)[-1] == "talk", chosen


def test_plan_when_somebody_may_be_a_minor_collects_nothing():
    """No pictures as proof, no protecting here; Child Focus at once."""
    for chosen in every_combination():
        if "age-minor" in chosen:
            steps = plan(chosen)
            assert not {"proof", "protect", "words"} & {*steps}
            assert steps.index("young") <= 1


def test_plan_when_there_is_danger_or_a_threat_puts_that_first():
    """And then says nothing of writing to that person."""
    for chosen in every_combination():
        steps = plan(chosen)
        if "safe-no" in chosen:
            assert steps[0] == "safe"
        if chosen & {"safe-no", "what-threat"}:
            assert "words" not in steps
        if "what-threat" in chosen and "proof" in steps:
            assert steps.index("threat") < steps.index("proof")


def test_plan_when_it_is_online_keeps_proof_before_reporting():
    """Record, report, search engines, protect, people."""
    steps = plan({"safe-yes", "whose-me", "age-adult", "what-online"})
    assert steps == ["proof", "report", "search", "protect", "words", "police", "talk"]


def test_plan_when_it_is_about_somebody_else_protects_nothing():
    """It is that person's choice."""
    for chosen in every_combination():
        if "whose-other" in chosen:
            assert "protect" not in plan(chosen)
            assert "friend" in plan(chosen)


def test_plan_when_a_page_is_named_it_exists():
    """Or none is."""
    for step in triage().steps:
        assert step.page in {"", "help", "protect", "remove", *ARTICLES}


def test_styles_when_compared_with_the_data_show_the_same():
    """Each answer has the rule that shows, and the one that hides, where a step waits for it."""
    styles = STYLES.read_text()
    shown = set(re.findall(r'#([\w-]+):checked\) \[data-for~="\1"\]', styles))
    hidden = set(re.findall(r'#([\w-]+):checked\) \.plan > \[data-not~="\1"\]', styles))
    assert shown == {id_ for step in triage().steps for id_ in step.any_of} - {ALWAYS}
    assert hidden == {id_ for step in triage().steps for id_ in step.none_of}


def test_triage_when_a_step_waits_for_no_answer_is_refused():
    """It would never be shown."""
    step = triage().steps[0]
    with pytest.raises(ValueError, match="The step safe waits for"):
        Triage(questions=triage().questions[1:], steps=(step,))
