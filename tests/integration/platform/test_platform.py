"""
The demonstration platform: what is published, held, blocked, and told to the node.
"""

import io
import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tegenbeeld.kit import NodeUnavailable

Picture = Callable[..., bytes]
Site = Any


def on_disk(site: Site) -> list[bytes]:
    """
    The pictures that the platform keeps.
    """
    return [path.read_bytes() for path in site.uploads.path("x").parent.iterdir()]


def test_share_when_nothing_matches_publishes(site: Site, picture: Picture) -> None:
    """
    A picture that is on no list is in the gallery at once.
    """
    site.protect(picture(1))
    assert site.outcome(picture(2)) == "Published"
    assert '<img src="/pictures/' in site.visitor.get("/").text
    site.worker.go_round()
    assert site.said() == []


def test_share_when_it_is_a_copy_holds_and_tells(site: Site, picture: Picture) -> None:
    """
    A smaller, recompressed copy is held, hidden, and the node hears of it at once.
    """
    site.protect(picture(1))
    assert site.outcome(picture(1, size=200, format_="JPEG")) == "Held for review"
    (held,) = site.uploads.held()
    assert "<img src" not in site.visitor.get("/").text
    assert site.visitor.get(f"/pictures/{held.id}").status_code == 404
    site.worker.go_round()
    assert site.said() == ["pending_review"]


def test_upload_page_when_held_tells_nothing_of_the_list(site: Site, picture: Picture) -> None:
    """
    Nobody finds out by uploading a picture that it is on the list, only that somebody will look.
    """
    entry = site.protect(picture(1))
    page = site.visitor.get(site.share(picture(1)).location).text
    assert entry not in page
    main = page.split("<main>")[1].split("</main>")[0]
    assert not re.search("list|match|hash|distance", main)


def test_review_when_blocked_deletes_and_tells(site: Site, picture: Picture) -> None:
    """
    A blocked picture is gone from the disk and from every page, and the node hears of it.
    """
    entry = site.protect(picture(1))
    location = site.share(picture(1)).location
    (held,) = site.uploads.held()
    page = site.visitor.get("/review").text
    assert entry in page
    assert "0 of 256" in page
    assert site.visitor.get(f"/review/pictures/{held.id}", buffered=True).data == picture(1)
    assert site.decide(held.id, "intimate").status_code == 303
    assert on_disk(site) == []
    assert "<h1>Blocked" in site.visitor.get(location).text
    for address in (f"/pictures/{held.id}", f"/review/pictures/{held.id}"):
        assert site.visitor.get(address).status_code == 404
    assert held.id not in site.visitor.get("/review").text
    site.worker.go_round()
    assert site.said() == ["pending_review", "blocked"]


def test_review_when_let_through_publishes_and_tells(site: Site, picture: Picture) -> None:
    """
    A picture that is not intimate is published, and the node hears that too.
    """
    site.protect(picture(1))
    location = site.share(picture(1)).location
    (held,) = site.uploads.held()
    site.decide(held.id, "not_intimate")
    assert "<h1>Published" in site.visitor.get(location).text
    assert site.visitor.get(f"/pictures/{held.id}", buffered=True).data == picture(1)
    site.worker.go_round()
    assert site.said() == ["pending_review", "not_blocked"]


def test_review_when_decided_twice_keeps_the_first(site: Site, picture: Picture) -> None:
    """
    Of two moderators, the first decides; nothing that was blocked comes back.
    """
    site.protect(picture(1))
    site.share(picture(1))
    (held,) = site.uploads.held()
    site.decide(held.id, "intimate")
    site.decide(held.id, "not_intimate")
    site.worker.go_round()
    assert site.said() == ["pending_review", "blocked"]
    assert site.visitor.get(f"/pictures/{held.id}").status_code == 404


def test_share_when_withdrawn_passes(site: Site, picture: Picture) -> None:
    """
    After the withdrawal has been synced, a picture that was blocked before passes.
    """
    entry = site.protect(picture(1))
    assert site.outcome(picture(1)) == "Held for review"
    site.decide(site.uploads.held()[0].id, "intimate")
    assert site.outcome(picture(1)) == "Held for review"
    site.exchange.withdraw(entry)
    site.worker.go_round()
    assert site.exchange.acknowledgements[-1] == 2
    assert site.outcome(picture(1)) == "Published"


def test_review_when_withdrawn_meanwhile_still_works(site: Site, picture: Picture) -> None:
    """
    An answer on an entry that the node no longer knows does not block the outbox.
    """
    entry = site.protect(picture(1))
    other = site.protect(picture(2))
    site.share(picture(1))
    site.share(picture(2))
    del site.exchange._listings[entry]
    site.exchange._log = [item for item in site.exchange._log if item[1] == other] * 2
    site.worker.go_round()
    assert site.uploads.unsent() == (0, [])
    assert [item.id for item in site.exchange.feedback] == [other]


def test_feedback_when_the_node_is_away_is_kept(site: Site, picture: Picture) -> None:
    """
    Answers survive a node that is away and a restart of the platform, and arrive in order.
    """
    site.protect(picture(1))
    site.share(picture(1))
    site.exchange.fail(times=3)
    with pytest.raises(NodeUnavailable):
        site.worker.go_round()
    site.decide(site.uploads.held()[0].id, "intimate")
    assert site.said() == []
    restarted = type(site.uploads)(site.store.folder)
    assert [item.value.value for item in restarted.unsent()[1]] == ["pending_review", "blocked"]
    site.worker.go_round()
    assert site.said() == ["pending_review", "blocked"]


def test_start_when_a_crash_left_pictures_sweeps(site: Site, picture: Picture) -> None:
    """
    A picture that was blocked or never noted is deleted at the next start; the others stay.
    """
    site.share(picture(2))
    site.uploads.path("f" * 32).write_bytes(picture(3))
    type(site.uploads)(site.store.folder)
    assert on_disk(site) == [picture(2)]


def test_start_when_the_tables_are_older_begins_anew(site: Site, picture: Picture) -> None:
    """
    What an earlier demonstration kept is given up, its pictures included; sharing works.
    """
    site.share(picture(2))
    database = sqlite3.connect(site.store.folder / "uploads.sqlite3")
    database.executescript(
        """
        DROP TABLE matches;
        CREATE TABLE matches (upload TEXT, entry TEXT, distance INTEGER, orientation TEXT);
        PRAGMA user_version = 0;
        """
    )
    database.close()
    type(site.uploads)(site.store.folder)
    assert on_disk(site) == []
    site.protect(picture(1))
    assert site.outcome(picture(1)) == "Held for review"


def test_share_when_too_poor_to_match_publishes(site: Site) -> None:
    """
    A flat picture and a tiny one cannot be recognised; this platform lets them through.
    """
    for size in (300, 3):
        file = io.BytesIO()
        Image.new("RGB", (size, size), "teal").save(file, "PNG")
        assert site.outcome(file.getvalue()) == "Published"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "Choose a picture or video first"),
        (b"plain text", "Only JPEG, PNG and WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Only JPEG, PNG and WebP"),
        (b"GIF89a" + bytes(100), "Only JPEG, PNG and WebP"),
        (bytes(4) + b"ftypheic" + bytes(100), "Only JPEG, PNG and WebP"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), None),
        (b"\xff\xd8\xff" + bytes(100), None),
    ],
)
def test_share_when_it_is_no_picture_says_so(
    site: Site, content: bytes, reason: str | None
) -> None:
    """
    A plain sentence, and nothing is kept.
    """
    response = site.share(content, "picture.jpg")
    assert response.status_code == 422
    problem = response.text.split('role="alert">')[1].split("</p>")[0]
    assert len(problem) > 15
    assert reason is None or reason in problem
    assert on_disk(site) == []


def test_share_when_cut_off_says_so(site: Site, picture: Picture) -> None:
    """
    Half a picture is refused.
    """
    whole = picture(1, format_="JPEG")
    assert site.share(whole[: len(whole) // 2]).status_code == 422
    assert on_disk(site) == []


def test_share_when_too_large_says_so(site: Site) -> None:
    """
    More than the limit is refused without being kept.
    """
    response = site.visitor.post(
        "/uploads",
        data=bytes(101 * 1024 * 1024),
        content_type="multipart/form-data; boundary=end",
    )
    assert response.status_code == 413
    assert "larger than 100 MB" in response.text


def test_share_without_a_file_says_so(site: Site) -> None:
    """
    A form without its field is answered like an empty one.
    """
    assert site.visitor.post("/uploads", data={}).status_code == 422


@pytest.mark.parametrize("address", ["/nowhere", f"/uploads/{'0' * 32}", "/pictures/..%2fx"])
def test_page_when_there_is_none(site: Site, address: str) -> None:
    """
    An unknown address gets a plain page.
    """
    response = site.visitor.get(address)
    assert response.status_code == 404
    assert "nothing here" in response.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
    ],
)
def test_decide_when_sent_from_elsewhere(
    site: Site, picture: Picture, headers: dict[str, str], status: int
) -> None:
    """
    Only our own pages can make a visitor's browser decide.
    """
    site.protect(picture(1))
    site.share(picture(1))
    (held,) = site.uploads.held()
    response = site.visitor.post(
        f"/review/{held.id}", data={"decision": "not_intimate"}, headers=headers
    )
    assert response.status_code == status
    assert len(site.uploads.held()) == (1 if status == 403 else 0)


@pytest.mark.parametrize("decision", ["", "blocked", "yes"])
def test_decide_when_the_answer_makes_no_sense(site: Site, picture: Picture, decision: str) -> None:
    """
    Anything but the two answers changes nothing.
    """
    site.protect(picture(1))
    site.share(picture(1))
    assert site.decide(site.uploads.held()[0].id, decision).status_code == 400
    assert len(site.uploads.held()) == 1


def test_responses_when_looked_at_are_guarded(site: Site, picture: Picture) -> None:
    """
    Every response forbids scripts, frames, other sites and guessing of types.
    """
    site.share(picture(2), "<script>.html")
    (upload,) = site.uploads.published()
    responses = {
        address: site.visitor.get(address, buffered=True)
        for address in ("/", "/review", "/nowhere", "/static/style.css", f"/pictures/{upload.id}")
    }
    for response in responses.values():
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in response.headers
    served = responses[f"/pictures/{upload.id}"].headers
    assert served["Content-Type"] == "image/png"
    assert "sandbox" in served["Content-Security-Policy"]
    assert "This is a demonstration" in responses["/nowhere"].text
    for address in ("/", "/review", "/nowhere"):
        found = re.findall(r"(?:src|href|action)=\"([^\"]*)\"", responses[address].text)
        assert found
        assert all(target.startswith("/") for target in found)


def test_moderators_when_the_node_is_away_are_told(site: Site) -> None:
    """
    The review page says that the list may be old; the public pages say nothing of the list.
    """
    site.exchange.fail(times=1000)
    site.worker.start()
    while site.worker.trouble is None:
        site.worker.join(0.02)
    page = site.visitor.get("/review").text
    assert "The last attempt" not in site.visitor.get("/").text
    site.worker.stop()
    site.worker.join()
    assert "The last attempt to reach the node failed" in page
    assert "cannot serve now" in page
