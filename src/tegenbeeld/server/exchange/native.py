"""
The native API under `/api/v1`: changes, acknowledgements, feedback.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from tegenbeeld.casework.partnership import KeyPurpose
from tegenbeeld.errors import RequestRefused
from tegenbeeld.server.actions import feedback as feedback_actions
from tegenbeeld.server.actions import partners as partner_actions
from tegenbeeld.server.actions.feedback import Opinion
from tegenbeeld.server.calendar import today
from tegenbeeld.server.exchange.parameters import whole_number
from tegenbeeld.server.reads import entries, log, partners
from tegenbeeld.server.reads.partners import KnownPartner
from tegenbeeld.wire import native, stopncii

View = Callable[[HttpRequest, KnownPartner], object]


def for_partners(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """
    Let only live partners in, and send what *view* returns as JSON.

    Raises:
        RequestRefused: 401 without a valid key.
    """

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        partner = partners.for_key(key.strip(), purpose=KeyPurpose.NATIVE)
        if scheme.lower() != "bearer" or partner is None:
            raise RequestRefused(
                401,
                "not_authorised",
                "Send the key of your platform as 'Authorization: Bearer KEY'. "
                "The operator of this node hands out keys.",
            )
        body = native.encode(view(request, partner))
        return HttpResponse(body, content_type="application/json")

    return checked


@require_GET
@for_partners
def changes(request: HttpRequest, partner: KnownPartner) -> native.ChangePage:
    """
    A page of the log behind `after`.
    """
    after = whole_number(request, "after", default=0, lowest=0)
    limit = whole_number(
        request, "limit", default=native.MAX_PAGE, lowest=1, highest=native.MAX_PAGE
    )
    newest = log.head()
    if after > newest:
        raise RequestRefused(
            409,
            "cursor_ahead",
            f"The log ends at {newest}, and you ask for what follows {after}. "
            "The node may have been restored from a backup: read it again from 0.",
        )
    return log.page(partner=partner.id, after=after, limit=limit)


@require_POST
@for_partners
def acknowledgements(request: HttpRequest, partner: KnownPartner) -> native.Acknowledgement:
    """
    Note how far a partner has stored the log.
    """
    message = native.decode(request.body, native.Acknowledgement)
    newest = log.head()
    if message.through > newest:
        raise RequestRefused(
            409,
            "cursor_ahead",
            f"The log ends at {newest}, so {message.through} cannot be acknowledged.",
        )
    through = partner_actions.acknowledge(
        partner=partner.id, through=message.through, with_frames=True, on=today()
    )
    return native.Acknowledgement(through=through)


@require_POST
@for_partners
def feedback(request: HttpRequest, partner: KnownPartner) -> native.FeedbackReceipt:
    """
    Keep what a partner says of entries that matched.
    """
    items = native.decode(request.body, native.FeedbackMessage).feedback
    known = entries.known_to(partner.id, {item.id for item in items})
    opinions = [
        Opinion(known[item.id], stopncii.STOPNCII_FEEDBACK[item.value], item.value)
        for item in items
        if item.id in known
    ]
    feedback_actions.record(opinions, partner=partner.id, on=today())
    unknown = sorted({item.id for item in items} - known.keys())
    return native.FeedbackReceipt(recorded=len(opinions), unknown=unknown)
