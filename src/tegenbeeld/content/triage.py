"""
The questions that lead to a plan, and its steps.
"""

from functools import cache
from importlib.resources import files

import msgspec

from tegenbeeld.content.values import Text

ALWAYS = "always"
"""In place of an answer: the step is shown in any case."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One answer. Its id is that of the field on the page, which the styles know.
    """

    id: str
    text: Text


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    One question.

    Attributes:
        id: Name of the group of fields.
        many: Whether several answers may be chosen.
        text: What is asked.
        answers: In the order in which they are shown.
    """

    id: str
    many: bool
    text: Text
    answers: tuple[Answer, ...]


class Step(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"any_of": "for", "none_of": "not"},
):
    """
    One step of the plan.

    Attributes:
        id: Name of the step.
        any_of: Answers of which one is enough for it to be shown.
        none_of: Answers of which none may be chosen.
        page: Name of the page that says more; empty where there is none.
        when: For whom it is, in words.
        title: What to do.
        text: How.
    """

    id: str
    any_of: tuple[str, ...]
    none_of: tuple[str, ...]
    page: str
    when: Text
    title: Text
    text: Text

    def fits(self, chosen: set[str]) -> bool:
        """
        Tell whether it is shown for these answers.
        """
        return bool({*self.any_of} & {*chosen, ALWAYS}) and not {*self.none_of} & chosen


class Triage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    All questions and steps, in the order in which they are shown.
    """

    questions: tuple[Question, ...]
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        """
        Refuse a step that waits for an answer which nobody can give.

        Raises:
            ValueError: It does.
        """
        answers = {answer.id for question in self.questions for answer in question.answers}
        for step in self.steps:
            unknown = {*step.any_of, *step.none_of} - answers - {ALWAYS}
            if unknown:
                raise ValueError(f"The step {step.id} waits for {', '.join(sorted(unknown))}.")


@cache
def triage() -> Triage:
    """
    Give the questions and steps of this version.

    Raises:
        ValueError: The data break a rule.
    """
    text = files("tegenbeeld.content").joinpath("triage.toml").read_text("utf-8")
    return msgspec.toml.decode(text.encode(), type=Triage)
