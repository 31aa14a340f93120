"""
What any exchange and the kit do together.

The same scenarios run against the exchange in memory, directly and over a socket, and against a
running node: that is what makes the one in memory worth testing with.
"""

import random
import secrets
from typing import Any

import pytest

from tegenbeeld.kit import (
    ExchangeError,
    Feedback,
    FeedbackValue,
    Matcher,
    NotAuthorised,
    PdqHash,
    Store,
    sync,
)
from tegenbeeld.kit.videos import hash_video
from tegenbeeld.wire.native import MAX_FRAMES_TEXT, MAX_PAGE_FRAMES
from tegenbeeld.wire.video import encode_frames
from testing.listed import smaller
from testing.video_files import moving, video
from testing.videos import random_frames, random_md5

ExchangeEndpoint = Any
"""The protocol of that name in conftest.py."""


def new_hash() -> str:
    """
    The text of a hash with 128 ones that nobody has seen before.
    """
    bits = [1] * 128 + [0] * 128
    random.SystemRandom().shuffle(bits)
    return f"{int(''.join(map(str, bits)), 2):064x}"


def ids(store: Store, hash_: str) -> list[str]:
    """
    Under which ids a hash is matched.
    """
    return [match.id for match in Matcher(store).match_hash(PdqHash.from_hex(hash_))]


class TestSync:
    """
    Fetch, keep, acknowledge.

    An exchange may hold other entries from before: each scenario speaks of its own.
    """

    def test_sync_when_there_is_no_news(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        A second sync changes nothing.
        """
        first = sync(store, exchange_endpoint.client())
        assert first.added == first.listed
        again = sync(store, exchange_endpoint.client())
        assert again == (0, 0, first.cursor, first.listed, 0)

    def test_sync_when_hashes_were_added(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        Added hashes are matched, and acknowledged.
        """
        before = sync(store, exchange_endpoint.client())
        hashes = [new_hash() for _ in range(5)]
        for hash_ in hashes:
            exchange_endpoint.add(hash_)
        assert not any(exchange_endpoint.has_confirmed(hash_) for hash_ in hashes)
        report = sync(store, exchange_endpoint.client())
        assert report == (5, 0, before.cursor + 5, before.listed + 5, 0)
        assert all(len(ids(store, hash_)) == 1 for hash_ in hashes)
        assert ids(store, new_hash()) == []
        assert all(exchange_endpoint.has_confirmed(hash_) for hash_ in hashes)
        assert store.acknowledged == store.cursor

    def test_sync_when_one_was_withdrawn(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        A withdrawn hash no longer matches, and the node knows that we know.
        """
        gone, stays = new_hash(), new_hash()
        exchange_endpoint.add(gone)
        exchange_endpoint.add(stays)
        before = sync(store, exchange_endpoint.client())
        exchange_endpoint.withdraw(gone)
        assert not exchange_endpoint.has_confirmed(gone)
        report = sync(store, exchange_endpoint.client())
        assert report == (0, 1, before.cursor + 1, before.listed - 1, 0)
        assert ids(store, gone) == []
        assert len(ids(store, stays)) == 1
        assert exchange_endpoint.has_confirmed(gone)

    def test_sync_when_withdrawn_before_the_first_look(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        A hash that came and went in between never matches.
        """
        hash_ = new_hash()
        before = sync(store, exchange_endpoint.client())
        exchange_endpoint.add(hash_)
        exchange_endpoint.withdraw(hash_)
        report = sync(store, exchange_endpoint.client())
        assert report == (0, 0, before.cursor + 2, before.listed, 0)
        assert ids(store, hash_) == []

    def test_sync_when_protected_again(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        A hash that was withdrawn and then added again matches again.
        """
        hash_ = new_hash()
        for _ in range(2):
            exchange_endpoint.add(hash_)
            sync(store, exchange_endpoint.client())
            assert len(ids(store, hash_)) == 1
            exchange_endpoint.withdraw(hash_)
            sync(store, exchange_endpoint.client())
            assert ids(store, hash_) == []

    def test_sync_when_a_video_comes_and_goes(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        A copy of a listed video that was encoded anew is found, until the video is withdrawn.
        """
        clip = moving(8, seed=secrets.randbelow(2**30))
        copy = video(smaller(clip), codec="mpeg4")
        hashed = hash_video(video(clip))
        matcher = Matcher(store)
        for _ in range(2):
            exchange_endpoint.add(hashed.md5, frames=encode_frames(hashed.frames))
            sync(store, exchange_endpoint.client())
            (match,) = matcher.match_video(copy)
            assert (match.found, match.hash) == ("video", hashed.md5)
            assert exchange_endpoint.has_confirmed(hashed.md5)
            exchange_endpoint.withdraw(hashed.md5)
            sync(store, exchange_endpoint.client())
            assert matcher.match_video(copy) == []
            assert exchange_endpoint.has_confirmed(hashed.md5)

    def test_changes_when_videos_fill_a_page(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        A page ends where the frames in it would be too long together; nothing is lost.
        """
        before = sync(store, exchange_endpoint.client())
        for _ in range(7):
            exchange_endpoint.add(random_md5(), frames=random_frames(7200))
        page = exchange_endpoint.client().changes(after=before.cursor)
        assert (len(page.changes), page.more) == (MAX_PAGE_FRAMES // MAX_FRAMES_TEXT, True)
        report = sync(store, exchange_endpoint.client())
        assert report == (7, 0, before.cursor + 7, before.listed + 7, 0)
        assert store.progress().hashes >= 7 * 7200

    def test_changes_when_read_in_small_pages(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        Small pages lead to the same list as large ones.
        """
        hashes = [new_hash() for _ in range(5)]
        for hash_ in hashes:
            exchange_endpoint.add(hash_)
        client = exchange_endpoint.client()
        while True:
            page = client.changes(after=store.cursor, limit=2)
            assert len(page.changes) <= 2
            store.apply(page)
            if not page.more:
                break
        assert all(len(ids(store, hash_)) == 1 for hash_ in hashes)

    def test_feedback_when_the_entry_is_known(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        Feedback arrives, and the later word counts.
        """
        hash_ = new_hash()
        exchange_endpoint.add(hash_)
        client = exchange_endpoint.client()
        sync(store, client)
        (id_,) = ids(store, hash_)
        assert exchange_endpoint.feedback(hash_) is None
        for value in FeedbackValue:
            receipt = client.send_feedback([Feedback(id=id_, value=value)])
            assert (receipt.recorded, receipt.unknown) == (1, [])
            assert exchange_endpoint.feedback(hash_) == value

    def test_feedback_when_two_words_come_together(
        self, exchange_endpoint: ExchangeEndpoint, store: Store
    ) -> None:
        """
        Of two words on one entry in one message, the later counts, as after a while offline.
        """
        hash_ = new_hash()
        exchange_endpoint.add(hash_)
        client = exchange_endpoint.client()
        sync(store, client)
        (id_,) = ids(store, hash_)
        words = [FeedbackValue.PENDING_REVIEW, FeedbackValue.BLOCKED]
        client.send_feedback([Feedback(id=id_, value=value) for value in words])
        assert exchange_endpoint.feedback(hash_) == FeedbackValue.BLOCKED

    def test_feedback_when_the_entry_is_unknown(self, exchange_endpoint: ExchangeEndpoint) -> None:
        """
        An id that was never on the list is reported, not refused.
        """
        unknown = Feedback(id="f" * 32, value=FeedbackValue.BLOCKED)
        receipt = exchange_endpoint.client().send_feedback([unknown])
        assert (receipt.recorded, receipt.unknown) == (0, ["f" * 32])

    def test_changes_when_the_cursor_is_ahead(self, exchange_endpoint: ExchangeEndpoint) -> None:
        """
        A node that knows less than the list is not followed; the error says how to start afresh.
        """
        client = exchange_endpoint.client()
        with pytest.raises(ExchangeError, match="empty folder"):
            client.changes(after=1_000_000)
        with pytest.raises(ExchangeError, match="set back"):
            client.acknowledge(through=1_000_000)

    def test_changes_when_the_key_is_wrong(self, exchange_endpoint: ExchangeEndpoint) -> None:
        """
        A wrong key is refused with advice, and without repeating the key.
        """
        client = exchange_endpoint.client(key="wrong-key")
        with pytest.raises(NotAuthorised) as told:
            client.changes(after=0)
        assert "--credentials" in told.value.message
        assert "wrong-key" not in told.value.message
