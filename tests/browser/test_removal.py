"""
The guide for having something taken down: on the device, by keyboard, and without a script.
"""

import re

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tegenbeeld.content.platforms import platforms
from testing.hands import Hands
from testing.leftovers import leftovers
from testing.running_node import RunningNode

pytestmark = [pytest.mark.browser, pytest.mark.service]


@pytest.fixture
def guide(page: Page, shared_node: RunningNode) -> Page:
    """
    The page, loaded.
    """
    page.goto(f"{shared_node.url}/en/remove/", wait_until="networkidle")
    return page


def shown(page: Page) -> set[str]:
    """
    The platforms that a person sees.
    """
    return set(page.locator("details[data-domains]:visible h3").all_inner_texts())


def test_addresses_lead_to_their_platforms_and_go_nowhere(guide: Page) -> None:
    """
    Known ones are open, for an unknown one there is what one can always do; nothing is asked.
    """
    asked: list[Request] = []
    guide.on("request", lambda request: asked.append(request))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
    assert len(shown(guide)) == len(platforms())
    field = guide.get_by_label("Addresses where it is, one per line")
    field.fill("https://m.facebook.com/secret?id=1\nphotos.google.com/share/x")
    assert shown(guide) == {
        *("Facebook", "Google Drive and Photos", "Google Search", "Bing and Microsoft"),
    }
    expect(guide.locator("#at-facebook")).to_have_attribute("open", "")
    expect(guide.locator("[data-found]")).to_contain_text("Facebook, Google Drive and Photos")
    field.fill("bad.example.net/x")
    assert "Cloudflare" in shown(guide)
    assert "Facebook" not in shown(guide)
    expect(guide.locator("[data-found]")).to_contain_text("Not in our list: bad.example.net")
    guide.get_by_role("button", name="Show all platforms").click()
    assert len(shown(guide)) == len(platforms())
    expect(field).to_be_focused()
    assert asked == []
    assert "secret" not in guide.url


def test_guide_by_keyboard(guide: Page) -> None:
    """
    Typing an address, and on to the form that it leads to.
    """
    hands = Hands(guide)
    hands.write("Addresses where it is, one per line", "www.tiktok.com/@a/video/1")
    link = hands.reach("link", "www.tiktok.com/legal/report/privacy")
    expect(link).to_have_attribute("href", "https://www.tiktok.com/legal/report/privacy")
    expect(link).to_have_attribute("rel", "noreferrer")


@pytest.mark.parametrize("language", ["en", "nl", "fr", "de"])
def test_guide_without_a_script(browser: Browser, shared_node: RunningNode, language: str) -> None:
    """
    All platforms are there to open; the field that would do nothing is not.
    """
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{shared_node.url}/{language}/remove/")
        assert page.locator("details[data-domains]:visible").count() == len(platforms())
        expect(page.locator("[data-finder]")).to_be_hidden()
        page.locator("#at-reddit summary").click()
        expect(page.locator("#at-reddit ol").first).to_be_visible()


def test_doubt_is_said_at_every_route(guide: Page) -> None:
    """
    No route was tried by a person yet, and each says so, with where it was read.
    """
    routes = sum(len(platform.routes) for platform in platforms())
    said = guide.locator("details[data-domains] p.small").filter(has_text="Where we read it:")
    assert said.count() == routes
    assert said.filter(has_text="No person of this site has tried it yet.").count() == routes
    unsure = [r for platform in platforms() for r in platform.routes if not r.is_certain]
    assert said.filter(has_text="We are not certain of this.").count() == len(unsure)


def test_reminders_say_nothing(guide: Page) -> None:
    """
    Three events in a file with a plain name; none holds an address or a word about the site.
    """
    guide.get_by_label("Addresses where it is, one per line").fill("facebook.com/secret")
    with guide.expect_download() as saved:
        guide.get_by_role("button", name="Make three reminders").click()
    assert saved.value.suggested_filename == "reminder.ics"
    text = saved.value.path().read_text(encoding="utf-8")
    assert text.count("BEGIN:VEVENT") == 3
    assert text.count("SUMMARY:Reminder") == 3
    for telling in ("secret", "facebook", "127.0.0.1", "Help page", "http"):
        assert telling not in text
    assert leftovers(guide) == {}


EVERY_NOTICE = """
async () => {
  const { citedFor, notice } = await import("/static/portal/notice.mjs");
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const [parts, laws] = [read("notice-parts"), read("notice-laws")];
  const made = [];
  for (const role of ["self", "helper"])
    for (const form of ["spread", "deepnude", "voyeurism", "threat"])
      for (const day of ["2022-06-01", "2026-08-31", "2026-09-01", "2026-11-24"])
        for (const bound of [[], ["dsa"], ["dsa", "tida"], ["dsa", "tida", "osa"]])
          for (const language of ["en", "nl", "fr", "de"]) {
            const answers = {
              role, form, day, bound: new Set(bound), name: "Ann", email: "ann@example.org",
              addresses: ["https://site.example/1", "https://site.example/2"],
            };
            const cited = citedFor(laws, answers);
            const text = notice(parts, laws, answers, language);
            made.push({ form, day, bound, language, text, cited });
          }
  return made;
}
"""


def test_every_notice_is_whole(guide: Page) -> None:
    """
    All 512: no place left to fill in, a law that held on the day, and the deadline where it binds.
    """
    made = guide.evaluate(EVERY_NOTICE)
    assert len(made) == 512
    assert len({each["text"] for each in made}) > 100
    for each in made:
        text = each["text"]
        assert not re.search(r"undefined|null|[{}<>]|\\n", text), text
        assert text.count("https://site.example/") == 2
        assert "ann@example.org" in text
        assert each["cited"], each
        for law in each["cited"]:
            assert law["valid_from"] <= each["day"] <= (law["valid_to"] or "9999")
            assert each["form"] in law["forms"]
            assert law["cite"][each["language"]] in text
        asks_48_hours = "tida" in each["bound"] and each["form"] != "threat"
        assert ("48" in text) is asks_48_hours


def test_notice_is_written_on_the_device(guide: Page) -> None:
    """
    From pasted addresses to a notice that can be copied: nothing is sent, nothing is left.
    """
    asked: list[Request] = []
    guide.on("request", lambda request: asked.append(request))  # noqa: PLW0108  a bound list method cannot carry what Playwright notes
    guide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    address = "https://www.reddit.com/r/a/comments/1"
    guide.get_by_label("Addresses where it is, one per line").fill(address)
    guide.get_by_role("heading", name="Write a notice").click()
    shown_notice = guide.get_by_label("The notice", exact=True)
    missing = guide.locator("[data-missing]")
    expect(missing).to_contain_text("your name, your e-mail address")
    guide.get_by_label("Your name").fill("Ann Example")
    guide.get_by_label("Your e-mail address").fill("ann@example.org")
    expect(missing).to_contain_text("Everything is there")
    guide.get_by_label("On which day?").fill("2026-08-15")
    guide.get_by_label("Language of the notice").select_option("fr")
    text = shown_notice.input_value()
    assert address in text
    assert "417/9" in text
    assert "TAKE IT DOWN Act" in text
    assert "Signature (nom) : Ann Example" in text
    guide.get_by_role("button", name="Copy the notice").click()
    expect(guide.locator("[data-copied]")).to_have_text("Copied.")
    assert asked == []
    assert leftovers(guide) == {}


FIVE = """https://www.instagram.com/p/AbC/
https://www.reddit.com/r/a/comments/1
https://www.pornhub.com/view_video.php?viewkey=1
https://t.me/group/12
https://bad.example.net/x
https://www.instagram.com/p/DeF/
"""


def test_five_notices_in_fourteen_actions(guide: Page) -> None:
    """
    From pasted addresses to five notices, each about its own addresses and laws.
    """
    guide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    actions = 4
    guide.get_by_label("Addresses where it is, one per line").fill(FIVE)
    guide.get_by_role("heading", name="Write a notice").click()
    guide.get_by_label("Your name").fill("Ann Example")
    guide.get_by_label("Your e-mail address").fill("ann@example.org")
    to_whom = guide.get_by_label("To whom?")
    names = to_whom.locator("option").all_inner_texts()
    assert names == ["Instagram", "Reddit", "Pornhub", "Telegram", "bad.example.net"]
    notices = []
    for name in names:
        to_whom.select_option(name)
        guide.get_by_role("button", name="Copy the notice").click()
        expect(guide.locator("[data-copied]")).to_have_text("Copied.")
        notices.append(guide.get_by_label("The notice", exact=True).input_value())
        actions += 2
    assert actions <= 15
    pasted = FIVE.split()
    about = [[address for address in pasted if address in text] for text in notices]
    assert [len(each) for each in about] == [2, 1, 1, 1, 1]
    assert ["Online Safety" in text or "Sexual Offences" in text for text in notices] == [
        *(True, True, True, False, False),
    ]
    assert ["TAKE IT DOWN" in text for text in notices] == [True, True, True, True, False]
