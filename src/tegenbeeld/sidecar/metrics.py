"""
What the sidecar counts, in Prometheus's text format. Nothing is counted per partner or person.
"""

import time
from collections.abc import Iterable
from typing import NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

KINDS = ("json", "binary", "picture", "video")
STATUSES = (200, 400, 401, 403, 405, 413, 415, 422, 429, 500, 503)

_SECONDS = (
    0.0001,
    0.00025,
    0.0005,
    0.001,
    0.0025,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    5,
    30,
    120,
)


class Served(NamedTuple):
    """
    The counters of one kind of question, found once and not for each request.
    """

    seconds: Histogram
    queries: Counter
    matched: Counter


class Metrics(Collector):
    """
    All figures of one process.

    Attributes:
        served: By kind of question, one of `KINDS`.
        sync_failures: By the kind of error.
        changes: By what they did: `added`, `withdrawn`, or `refused` for a degenerate hash.
        list_state: Listed entries and the cursor, as the matcher uses them; None before it can.
        synced_at: When a sync last succeeded, in seconds since 1970; None before the first.
    """

    def __init__(self) -> None:
        # When each figure was first made is of no use, and doubles the number of lines.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        registry = CollectorRegistry(auto_describe=False)
        self._registry = registry
        requests = Counter(
            "tegenbeeld_requests", "Answers to /v1/match.", ["status"], registry=registry
        )
        self._requests = {status: requests.labels(str(status)) for status in STATUSES}
        seconds = Histogram(
            "tegenbeeld_request_seconds",
            "Time from the question to the answer.",
            ["kind"],
            buckets=_SECONDS,
            registry=registry,
        )
        queries = Counter(
            "tegenbeeld_queries",
            "Hashes, pictures and videos looked up.",
            ["kind"],
            registry=registry,
        )
        matched = Counter(
            "tegenbeeld_matched_queries",
            "Hashes, pictures and videos that matched something.",
            ["kind"],
            registry=registry,
        )
        self.served = {
            kind: Served(seconds.labels(kind), queries.labels(kind), matched.labels(kind))
            for kind in KINDS
        }
        self.sync_failures = Counter(
            "tegenbeeld_sync_failures", "Syncs that failed.", ["kind"], registry=registry
        )
        self.changes = Counter(
            "tegenbeeld_list_changes", "Changes of the list.", ["kind"], registry=registry
        )
        self._ready = Gauge("tegenbeeld_ready", "1 once questions are answered.", registry=registry)
        self.list_state: tuple[int, int] | None = None
        self.synced_at: float | None = None
        registry.register(self)
        ProcessCollector(registry=registry)

    def count(self, status: int) -> None:
        """
        Count an answer to a question.
        """
        self._requests[status].inc()

    def text(self) -> bytes:
        """
        All figures, as Prometheus reads them.
        """
        self._ready.set(self.list_state is not None)
        return generate_latest(self._registry)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """
        The figures that are only known once the list is open.
        """
        if self.list_state is not None:
            listed, cursor = self.list_state
            yield GaugeMetricFamily("tegenbeeld_listed", "Entries on the list.", value=listed)
            yield GaugeMetricFamily(
                "tegenbeeld_list_cursor", "The last change that is matched against.", value=cursor
            )
        if self.synced_at is not None:
            yield GaugeMetricFamily(
                "tegenbeeld_seconds_since_sync",
                "Time since the node was last asked with success.",
                value=max(0.0, time.time() - self.synced_at),
            )
