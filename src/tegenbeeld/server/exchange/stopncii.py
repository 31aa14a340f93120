"""
The StopNCII-compatible door under `/stopncii/v1`: `FetchHashes`, `SubmitHashes`, `SubmitFeedback`.

For platforms whose software already speaks it. What it must do is in spec/exchange.md §5. Three
rules hold here that the original does not keep: no record names a case, a partner sees no other
partner's feedback, and stamps tell the day only.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from tegenbeeld.casework.hash_value import hash_value
from tegenbeeld.casework.partnership import KeyPurpose
from tegenbeeld.errors import InvalidHash, RequestRefused, WireError
from tegenbeeld.server.actions import contributions
from tegenbeeld.server.actions import partners as partner_actions
from tegenbeeld.server.actions.contributions import Contribution, Statement
from tegenbeeld.server.actions.feedback import Opinion
from tegenbeeld.server.calendar import today
from tegenbeeld.server.exchange import page_tokens
from tegenbeeld.server.exchange.page_tokens import Place
from tegenbeeld.server.exchange.parameters import whole_number
from tegenbeeld.server.reads import entries, log, partners
from tegenbeeld.server.reads.entries import Snapshot
from tegenbeeld.server.reads.partners import KnownPartner
from tegenbeeld.wire import native
from tegenbeeld.wire import stopncii as wire

View = Callable[[HttpRequest, KnownPartner], object]

ENDS = frozenset({wire.FeedbackValue.WITHDRAWN, wire.FeedbackValue.DELETED})
"""Feedback with which a platform takes back what it put on the list itself."""


def for_partners(purpose: KeyPurpose) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """
    Let only live partners in, and send what the view returns as JSON.

    Both keys must belong to the same partner, and the function key to this endpoint.

    Raises:
        RequestRefused: 401 otherwise.
    """

    def decorate(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def checked(request: HttpRequest) -> HttpResponse:
            key = request.headers.get("Ocp-Apim-Subscription-Key", "")
            function_key = request.headers.get("x-functions-key", "")
            partner = partners.for_key(key, purpose=KeyPurpose.SUBSCRIPTION)
            if partner is None or partner != partners.for_key(function_key, purpose=purpose):
                raise RequestRefused(
                    401,
                    "not_authorised",
                    "Send Ocp-Apim-Subscription-Key, and as x-functions-key your key for "
                    f"{purpose}. The operator of this node hands out keys.",
                )
            body = native.encode(view(request, partner))
            return HttpResponse(body, content_type="application/json")

        return checked

    return decorate


@require_GET
@for_partners(KeyPurpose.FETCH_HASHES)
def fetch_hashes(request: HttpRequest, partner: KnownPartner) -> wire.HashPage:
    """
    A page of the list as it stands now, in the order of the latest change.

    Coming back with a `startTimestamp` that an earlier page gave means that everything up to
    that page is stored: it is noted as the partner's acknowledgement.
    """
    start = whole_number(request, "startTimestamp", default=wire.FRESH_START, lowest=0)
    size = whole_number(request, "pageSize", default=wire.DEFAULT_PAGE, lowest=1)
    token = request.GET.get("nextPageToken")
    if token:
        place = page_tokens.read(token, partner=partner.id, start=start)
    else:
        place = _first_place(start)
        _acknowledge(partner, stamp=start)
    snapshots, has_more = entries.snapshots(
        partner=partner.id,
        from_stamp=place.from_stamp,
        no_tombstones_until=place.no_tombstones_until,
        limit=min(size, wire.MAX_PAGE),
    )
    reached = max([start, *(snapshot.stamp for snapshot in snapshots)])
    following = Place(reached + 1, place.no_tombstones_until)
    return wire.HashPage(
        count=len(snapshots),
        next_page_token=(
            page_tokens.issue(following, partner=partner.id, start=start) if has_more else None
        ),
        next_set_timestamp=reached,
        has_more_records=has_more,
        hash_records=[_record(snapshot, partner) for snapshot in snapshots],
    )


@require_POST
@for_partners(KeyPurpose.SUBMIT_HASHES)
def submit_hashes(request: HttpRequest, partner: KnownPartner) -> dict[str, object]:
    """
    Put a platform's own hashes on the list, with what it says of them. All or none.
    """
    records = native.decode(request.body, wire.SubmitHashes).hash_records
    submitted = [_contribution(index, record) for index, record in enumerate(records)]
    contributions.contribute(submitted, partner=partner.id, on=today())
    return {}


@require_POST
@for_partners(KeyPurpose.SUBMIT_FEEDBACK)
def submit_feedback(request: HttpRequest, partner: KnownPartner) -> dict[str, object]:
    """
    Keep what a platform says of hashes on the list. What is not on the list is passed over.
    """
    items = native.decode(request.body, wire.SubmitFeedback).hash_feedbacks
    opinions, taken_back = [], []
    for item in items:
        for row in entries.with_value(bytes.fromhex(item.hash_value)):
            opinions.append(Opinion(row, *_statement(item.feedback_value, item.tags)))
            if item.feedback_value in ENDS:
                taken_back.append(row)
    contributions.answer(opinions, taken_back=taken_back, partner=partner.id, on=today())
    return {}


def _first_place(start: int) -> Place:
    # A client with nothing needs no tombstones. Those that come while it is reading are told:
    # it may have read the hash before its end.
    newest = log.head_stamp()
    if start <= wire.FRESH_START:
        return Place(start, newest)
    # One more than the newest is what a client asks that takes the start as exclusive.
    if start > newest + 1:
        raise RequestRefused(
            409,
            "cursor_ahead",
            f"The newest record has the timestamp {newest}, and you ask from {start}. Take "
            "startTimestamp from nextSetTimestamp, never from a clock; or the node was restored "
            f"from a backup: start again from {wire.FRESH_START}.",
        )
    if start < log.erased_stamp():
        raise RequestRefused(
            409,
            "cursor_too_old",
            "Withdrawals after this startTimestamp are not told any more. Throw your copy of "
            f"the list away and start again from {wire.FRESH_START}.",
        )
    return Place(start, 0)


def _acknowledge(partner: KnownPartner, *, stamp: int) -> None:
    # Only a stamp that a page gave can be a checkpoint; any other number says nothing.
    through = log.stored_through(stamp, partner=partner.id)
    if through is not None:
        partner_actions.acknowledge(
            partner=partner.id, through=through, with_frames=False, on=today()
        )


def _record(snapshot: Snapshot, partner: KnownPartner) -> wire.HashRecord:
    own = [] if snapshot.feedback is None else [_own_feedback(*snapshot.feedback, partner)]
    return wire.HashRecord(
        last_mod_timestamp=snapshot.stamp,
        signal_type=wire.SIGNAL_TYPES[native.SignalType(snapshot.signal_type)],
        hash_value=snapshot.hash,
        hash_status=wire.HashStatus.ACTIVE if snapshot.is_listed else wire.HashStatus.WITHDRAWN,
        feedbacks=own,
    )


def _own_feedback(value: str, tags: list[str], partner: KnownPartner) -> wire.Feedback:
    return wire.Feedback(feedback_value=wire.FeedbackValue(value), tags=tags, source=partner.name)


def _contribution(index: int, record: wire.SubmittedHash) -> Contribution:
    try:
        value = hash_value(wire.native_type(record.signal_type), record.hash_value)
    except (InvalidHash, WireError) as error:
        raise WireError(f"hashRecords[{index}]: {error} Nothing was stored.") from error
    if not record.feedbacks:
        return Contribution(value, None)
    latest = record.feedbacks[-1]
    return Contribution(value, _statement(latest.feedback_value, latest.tags))


def _statement(value: wire.FeedbackValue, tags: list[str]) -> Statement:
    return Statement(value, wire.NATIVE_FEEDBACK.get(value), tags)
