"""
Videos at the node: protected with their frames, told to platforms, withdrawn.
"""

from typing import Any

import pytest
from django.test import Client

from tegenbeeld.casework.hash_value import hash_value
from tegenbeeld.server.actions import contributions
from tegenbeeld.server.actions.contributions import Contribution
from tegenbeeld.server.actions.entries import erase_unlisted
from tegenbeeld.server.actions.publication import publish
from tegenbeeld.server.records.models import Entry
from tegenbeeld.server.records.models import Partner as PartnerRow
from tegenbeeld.wire.native import MAX_PAGE_FRAMES, SignalType
from testing.partners import DAY, Partner
from testing.people import Person, random_hash
from testing.videos import random_frames, random_md5, video

pytestmark = pytest.mark.django_db


def protect(person: Person, *videos: dict[str, Any]) -> Any:
    """
    Protect videos in the first slots; the response.
    """
    items = [{"token_digest": person.digest(slot), **each} for slot, each in enumerate(videos)]
    return person.post("protect", {"protections": items})


def test_video_is_told_with_its_md5_and_its_frames() -> None:
    """
    A platform with the kit gets both; a picture beside it has no frames at all.
    """
    clip, person = video(), Person()
    assert protect(person, clip).status_code == 200
    Person().protect(random_hash())
    publish(on=DAY)
    changes = Partner().changes()["changes"]
    told = next(change for change in changes if change["signal_type"] == "vpdq")
    assert (told["hash"], told["frames"], told["quality"]) == (clip["hash"], clip["frames"], None)
    assert ["frames" in change for change in changes].count(True) == 1


def test_video_whose_frames_could_not_be_read_is_told_by_its_md5() -> None:
    """
    A browser that cannot decode the file still protects it where platforms compare files.
    """
    md5 = random_md5()
    assert protect(Person(), {"signal_type": "video_md5", "hash": md5}).status_code == 200
    publish(on=DAY)
    partner = Partner()
    assert partner.changes()["changes"][0]["hash"] == md5
    assert partner.fetch()["hashRecords"][0]["signalType"] == "VideoMD5"


def test_video_in_the_stopncii_door_is_its_md5() -> None:
    """
    Software that knows no frames gets what it can use, and its feedback reaches the person.
    """
    clip, person, partner = video(), Person(), Partner()
    protect(person, clip)
    publish(on=DAY)
    record = partner.fetch()["hashRecords"][0]
    assert (record["signalType"], record["hashValue"]) == ("VideoMD5", clip["hash"])
    feedback = {
        "hashFeedbacks": [
            {"hashValue": clip["hash"], "feedbackValue": "Blocked", "tags": [], "source": "x"}
        ]
    }
    assert partner.submit_feedback(feedback).status_code == 200
    assert person.read()[0]["platforms"][0]["finding"] == "blocked"


def test_two_entries_of_one_file_are_one_record_until_both_end() -> None:
    """
    Two browsers read different frames of one file.

    While one of the two is listed, a platform that knows only the MD5 is not told of an end.
    """
    md5, first, second, partner = random_md5(), Person(), Person(), Partner()
    protect(first, video(md5))
    protect(second, video(md5))
    publish(on=DAY)
    first.withdraw(0)
    publish(on=DAY)
    statuses = {record["hashStatus"] for record in partner.fetch()["hashRecords"]}
    assert statuses == {"Active"}
    start = partner.fetch()["nextSetTimestamp"]
    second.withdraw(0)
    publish(on=DAY)
    latest = partner.fetch(start + 1)["hashRecords"]
    assert {record["hashStatus"] for record in latest} == {"Withdrawn"}


def test_platforms_own_md5_is_another_entry_than_a_persons_video() -> None:
    """
    Nobody can attach frames of another video to what a platform or a court has listed.
    """
    md5, platform = random_md5(), Partner()
    row = Contribution(hash_value(SignalType.VIDEO_MD5, md5), None)
    contributions.contribute([row], partner=platform_row(platform), on=DAY)
    protect(Person(), video(md5))
    publish(on=DAY)
    told = Partner("Reader").changes()["changes"]
    assert [(each["provenance"], "frames" in each) for each in sorted(told, key=provenance)] == [
        ("partner", False),
        ("self", True),
    ]


def test_erasing_a_video_erases_its_file_too() -> None:
    """
    Nothing of a video that was withdrawn before anybody was told stays behind.
    """
    person = Person()
    protect(person, video())
    person.withdraw(0)
    erase_unlisted()
    row = Entry.objects.get()
    assert (row.value_sealed, row.value_digest, row.file_digest) == (None, None, None)


def test_page_ends_before_the_frames_grow_too_long() -> None:
    """
    A page holds at least one change, and no more frames than a client takes in.
    """
    long = random_frames(3_600)
    for _ in range(16):
        protect(Person(), video(frames=long))
    publish(on=DAY)
    partner, cursor, sizes = Partner(), 0, []
    while True:
        page = partner.changes(after=cursor)
        sizes.append(sum(len(change["frames"]) for change in page["changes"]))
        cursor = page["next"]
        if not page["more"]:
            break
    assert sum(sizes) == 16 * len(long)
    assert len(sizes) == 2
    assert max(sizes) <= MAX_PAGE_FRAMES


@pytest.mark.parametrize(
    "change",
    [
        {"frames": None},
        {"frames": ""},
        {"frames": "no base64"},
        {"frames": random_frames()[:-4]},
        {"signal_type": "video_md5"},
        {"signal_type": "pdq"},
        {"hash": random_hash()},
        {"hash": "d41d8cd98f00b204e9800998ecf8427e"},
        {"quality": 90},
        {"duration": 5},
    ],
)
def test_video_that_is_not_whole_is_refused(change: dict[str, Any]) -> None:
    """
    Whatever is missing, wrong or too much: nothing is stored.
    """
    response = protect(Person(), video() | change)
    assert 400 <= response.status_code < 500, response.content
    assert Entry.objects.count() == 0


def test_case_of_32_long_videos_fits_into_one_request() -> None:
    """
    The limit on a request lets through what a code can hold: 32 videos of an hour.
    """
    assert (
        protect(Person(), *[video(frames=random_frames(3_600)) for _ in range(32)]).status_code
        == 200
    )


def test_only_protecting_takes_long_requests() -> None:
    """
    Nothing else from the public may be larger than it needs to be.
    """
    long = {"tokens": ["0" * 64] * 2_000}
    assert Client().post("/case/read", long, content_type="application/json").status_code == 413


def provenance(change: dict[str, Any]) -> str:
    """
    What a change says of who listed it.
    """
    text: str = change["provenance"]
    return text


def platform_row(platform: Partner) -> int:
    """
    The row of a partner.
    """
    row: int = PartnerRow.objects.get(name=platform.name).id
    return row
