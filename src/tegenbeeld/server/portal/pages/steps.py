"""
The questions that lead to a plan: one document, which sends nothing and needs no script.
"""

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tegenbeeld.content.triage import triage
from tegenbeeld.server.portal import words
from tegenbeeld.server.portal.language import active_language
from tegenbeeld.server.portal.pages.rendering import page


class AnswerOnPage(NamedTuple):
    """
    An answer in the language of the page.
    """

    id: str
    text: str


class QuestionOnPage(NamedTuple):
    """
    A question in the language of the page.
    """

    id: str
    kind: str
    text: str
    answers: list[AnswerOnPage]


class StepOnPage(NamedTuple):
    """
    A step in the language of the page.

    Attributes:
        any_of: Ids of answers, with spaces between.
        none_of: The same.
    """

    any_of: str
    none_of: str
    page: str
    when: str
    title: str
    text: str


@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """
    Show all questions, and all steps, of which the styles show those that fit.
    """
    language = active_language()
    questions = [
        QuestionOnPage(
            id=question.id,
            kind="checkbox" if question.many else "radio",
            text=question.text.of(language),
            answers=[AnswerOnPage(each.id, each.text.of(language)) for each in question.answers],
        )
        for question in triage().questions
    ]
    plan = [
        StepOnPage(
            any_of=" ".join(step.any_of),
            none_of=" ".join(step.none_of),
            page=step.page,
            when=step.when.of(language),
            title=step.title.of(language),
            text=step.text.of(language),
        )
        for step in triage().steps
    ]
    context = {"questions": questions, "plan": plan, "words": words.for_planning()}
    return page(request, "steps", context)
