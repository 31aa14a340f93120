"""
The unmodified `threatexchange` package against a running node.

It is the software of platforms that take part in StopNCII today. Nothing of it is replaced: its
client class, its exchange adapter, its index, and its command line.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from threatexchange.exchanges.clients.stopncii.api import (
    StopNCIIAPI,
    StopNCIICaseStatus,
    StopNCIICSPFeedbackValue,
    StopNCIIEndpoint,
    StopNCIIHashRecord,
    StopNCIISignalType,
)
from threatexchange.exchanges.collab_config import CollaborationConfigBase
from threatexchange.exchanges.impl.stop_ncii_api import StopNCIISignalExchangeAPI
from threatexchange.signal_type.pdq.signal import PdqSignal

from tegenbeeld.pdq import hash_rgb
from tegenbeeld.wire import native
from tegenbeeld.wire.published import TEST_HASHES
from testing.running_node import RemotePerson, RunningNode, wait_until

pytestmark = pytest.mark.service


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """
    A picture with enough texture, saved as a photo would be.
    """
    generator = np.random.default_rng(11)
    coarse = generator.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    path = tmp_path / "photo.png"
    Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def copy(photo: Path, tmp_path: Path) -> Path:
    """
    The same, as somebody posts it elsewhere: smaller and recompressed.
    """
    path = tmp_path / "copy.jpg"
    with Image.open(photo) as picture:
        picture.resize((400, 300)).save(path, quality=60)
    return path


def client(credentials: native.Credentials) -> StopNCIIAPI:
    """
    The package's client, with all three keys.
    """
    keys = credentials.stopncii
    return StopNCIIAPI(
        keys.subscription_key,
        keys.function_keys["FetchHashes"],
        {
            StopNCIIEndpoint.SubmitFeedback: keys.function_keys["SubmitFeedback"],
            StopNCIIEndpoint.SubmitHashes: keys.function_keys["SubmitHashes"],
        },
        base_url_override=keys.base_url,
    )


def records(api: StopNCIIAPI, start: int) -> dict[str, StopNCIIHashRecord]:
    """
    Everything that one run fetches, by hash.
    """
    return {
        record.hashValue: record
        for page in api.fetch_hashes_iter(start_timestamp=start)
        for record in page.hashRecords
    }


def protect(node: RunningNode, photo: Path) -> tuple[RemotePerson, str]:
    """
    A person who protects one photo, and its hash.
    """
    hashed = hash_rgb(np.asarray(Image.open(photo).convert("RGB")))
    person = RemotePerson(node)
    assert person.protect(hashed.hash.hex()).status_code == 200
    wait_until(lambda: person.read()[0]["state"] == "listed")
    return person, hashed.hash.hex()


def test_client_fetches_matches_reports_and_learns_of_the_withdrawal(
    running_node: RunningNode, photo: Path, copy: Path
) -> None:
    """
    The whole loop of a platform that uses the package's client and index.
    """
    api = client(running_node.add_partner("Platform A"))
    person, text = protect(running_node, photo)

    listed = records(api, StopNCIIAPI.DEFAULT_START_TIME)
    assert set(listed) == {text, *TEST_HASHES}
    assert listed[text].signalType is StopNCIISignalType.ImagePDQ
    assert listed[text].hashStatus is StopNCIICaseStatus.Active
    assert listed[text].caseNumbers == {}

    index = PdqSignal.get_index_cls().build((value, value) for value in listed)
    matches = index.query(PdqSignal.hash_from_file(copy))
    assert [match.metadata for match in matches] == [text]

    for value in (StopNCIICSPFeedbackValue.PendingReview, StopNCIICSPFeedbackValue.Blocked):
        api.submit_feedback(StopNCIISignalType.ImagePDQ, text, value, {"reviewed"})
    view = person.read()[0]["platforms"][0]
    assert (view["name"], view["finding"]) == ("Platform A", "blocked")

    checkpoint = max(record.lastModtimestamp for record in listed.values())
    person.withdraw(0)
    wait_until(lambda: text in records(api, checkpoint + 1))
    assert records(api, checkpoint)[text].hashStatus is StopNCIICaseStatus.Withdrawn
    assert set(records(api, StopNCIIAPI.DEFAULT_START_TIME)) == set(TEST_HASHES)


def test_client_contributes_a_hash_of_its_own(running_node: RunningNode) -> None:
    """
    `SubmitHashes` as the package writes it reaches another platform.
    """
    giver = client(running_node.add_partner("Platform A"))
    taker = client(running_node.add_partner("Platform B"))
    text = "0123456789abcdef" * 4
    giver.submit_hash(StopNCIISignalType.ImagePDQ, text, {"source"})
    wait_until(lambda: text in records(taker, StopNCIIAPI.DEFAULT_START_TIME))
    own = records(giver, StopNCIIAPI.DEFAULT_START_TIME)[text].CSPFeedbacks
    assert [(f.source, f.feedbackValue) for f in own] == [
        ("Platform A", StopNCIICSPFeedbackValue.Blocked)
    ]
    assert records(taker, StopNCIIAPI.DEFAULT_START_TIME)[text].CSPFeedbacks == []


def test_adapter_resumes_from_its_checkpoint(running_node: RunningNode, photo: Path) -> None:
    """
    The exchange adapter of the package runs twice, and its checkpoint never goes back.
    """
    credentials = running_node.add_partner("Platform A")
    adapter = StopNCIISignalExchangeAPI(
        CollaborationConfigBase(name="A", api="stop_ncii", enabled=True), client(credentials)
    )
    first = list(adapter.fetch_iter([PdqSignal], None))
    _, text = protect(running_node, photo)
    second = list(adapter.fetch_iter([PdqSignal], first[-1].checkpoint))
    assert second[-1].checkpoint.update_time > first[-1].checkpoint.update_time
    assert (PdqSignal.get_name(), text) in second[-1].updates


def test_command_line_fetches_and_matches(
    running_node: RunningNode, photo: Path, copy: Path, tmp_path: Path
) -> None:
    """
    `tx fetch` and `tx match`, as a platform's engineer would type them.
    """
    keys = running_node.add_partner("Platform A").stopncii
    _, text = protect(running_node, photo)
    environment = os.environ | {
        "HOME": str(tmp_path),
        "TX_STATEDIR": str(tmp_path / "state"),
        "TX_STOPNCII_KEYS": ",".join(
            [keys.function_keys["FetchHashes"], keys.subscription_key, keys.base_url]
        ),
    }

    def tx(*words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "threatexchange.cli.main", *words],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    tx("config", "collab", "edit", "stop_ncii", "--create", "OURS")
    tx("fetch")
    tx("fetch")
    assert text in tx("dataset", "-P", "-s", "pdq")
    assert "pdq" in tx("match", "photo", str(copy))
    assert tx("match", "photo", str(other_photo(tmp_path))) == ""


def other_photo(folder: Path) -> Path:
    """
    A picture that nobody protects.
    """
    generator = np.random.default_rng(12)
    coarse = generator.integers(0, 256, (9, 12, 3), dtype=np.uint8)
    path = folder / "other.png"
    Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC).save(path)
    return path
