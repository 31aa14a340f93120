"""
The plan that follows from a few answers: without a script, by keyboard, and nothing sent.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]


def shown(page: Page) -> list[str]:
    """
    Headings of the steps that a person sees.
    """
    return page.locator(".plan > li:visible h3").all_inner_texts()


def test_plan_changes_with_the_answers_without_a_script(
    browser: Browser, shared_node: RunningNode
) -> None:
    """
    By keyboard alone; nothing is asked of the node, and nothing is left after a reload.
    """
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{shared_node.url}/en/steps/")
    assert shown(page) == ["Talk to somebody"]
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_label("It is on the internet").focus()
    page.keyboard.press("Space")
    assert shown(page)[0] == "Keep proof, before it goes"
    assert "Have copies recognised and stopped" in shown(page)
    page.get_by_label("No, or I am not sure").last.focus()
    page.keyboard.press("Space")
    assert shown(page)[0] == "Call Child Focus: 116 000"
    assert "Have copies recognised and stopped" not in shown(page)
    assert requests == []
    assert page.url == f"{shared_node.url}/en/steps/"
    page.reload()
    assert shown(page) == ["Talk to somebody"]
    context.close()


def test_plan_in_a_browser_that_cannot_hide_steps_says_for_whom_each_is(
    page: Page, shared_node: RunningNode
) -> None:
    """
    Without the rules for such browsers, all steps stand there with when they are meant.
    """
    page.goto(f"{shared_node.url}/nl/steps/")
    removed = page.evaluate(
        "() => [...document.styleSheets].filter(({ href }) => href.endsWith('steps.css'))"
        ".map((sheet) => [...sheet.cssRules].findIndex((rule) => rule instanceof CSSSupportsRule))"
        ".map((place, i, all) => [...document.styleSheets]"
        ".find(({ href }) => href.endsWith('steps.css')).deleteRule(place)).length"
    )
    assert removed == 1
    expect(page.locator(".plan > li:visible")).to_have_count(13)
    expect(page.locator(".plan .when:visible")).to_have_count(13)


def test_number_of_steps_is_said_when_it_changes(page: Page, shared_node: RunningNode) -> None:
    """
    For whoever does not see the list: as many as are shown, after each answer.
    """
    page.goto(f"{shared_node.url}/en/steps/")
    status = page.locator("[data-plan-count]")
    expect(status).to_have_attribute("role", "status")
    expect(status).to_be_empty()
    said = set()
    for answer in ("It is on the internet", "No, or I am not sure"):
        page.get_by_label(answer).last.check()
        expect(status).to_contain_text(f"{len(shown(page))} step")
        said.add(status.inner_text())
    assert len(said) == 2
