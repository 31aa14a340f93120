"""
What a running node writes down of its visitors: nothing.
"""

import httpx2
import pytest

from testing.people import random_hash
from testing.running_node import RemotePerson, RunningNode

pytestmark = pytest.mark.service


def test_log_says_nothing_of_requests_whatever_becomes_of_them(running_node: RunningNode) -> None:
    """
    Good, bad, unknown and unauthorised requests leave no address, path, hash, token or key.
    """
    credentials = running_node.add_partner("Platform A")
    person, text = RemotePerson(running_node), random_hash()
    person.protect(text)
    person.read()
    person.withdraw(0)
    bearer = {"Authorization": f"Bearer {credentials.key}"}
    httpx2.get(f"{running_node.url}/api/v1/changes", headers=bearer)
    for path in ("/en/secret-place", "/case/protect", "/api/v1/changes?after=777", "/%ff"):
        httpx2.get(f"{running_node.url}{path}")
        httpx2.post(f"{running_node.url}{path}", content=text)
    httpx2.get(running_node.url, headers={"Host": "elsewhere.example"})
    running_node.stop()
    written = running_node.log.read_text()
    told = [text, person.tokens[0].hex(), credentials.key, "secret-place", "/case/", "/api/"]
    told += ["777", "elsewhere", "Traceback", "Bad Request", "Not Found"]
    for word in told:
        assert word not in written, written
    # Its own address is the only one it names.
    assert written.replace(running_node.url, "").count("127.0.0.1") == 0, written
