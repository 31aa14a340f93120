"""
The request with which somebody asks to be told by e-mail, or asks that it stop.
"""

from typing import Annotated

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.views.decorators.http import require_POST

from tegenbeeld.casework.news import LONGEST_ADDRESS, Rhythm
from tegenbeeld.content import Language
from tegenbeeld.errors import RequestRefused
from tegenbeeld.server.actions import news as actions
from tegenbeeld.server.portal.case import Padding, Tokens, as_json, digests
from tegenbeeld.wire import native

Address = Annotated[str, msgspec.Meta(pattern=r"\A[!#-~]+\Z", max_length=LONGEST_ADDRESS)]
"""Visible ASCII without quotation marks; of what looks like this, some is still no address."""


class News(Tokens, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Which protections she wants to be told of, and how; without an address, of none of them.

    The padding hides how long the address is from whoever watches the line.
    """

    language: Language
    rhythm: Rhythm
    address: Address | None = None
    padding: Padding = ""

    def __post_init__(self) -> None:
        """
        Refuse what is no address, before anything is stored.
        """
        try:
            validate_email(self.address or "a@example.org")
        except ValidationError:
            raise ValueError("this is no e-mail address; look for a slip of the finger") from None


@require_POST
@as_json
def news(request: HttpRequest) -> dict[str, object]:
    """
    Tell of what the tokens open, or stop it. The answer is the same whatever they opened.

    Raises:
        RequestRefused: 404 where the operator has set up no mail server.
    """
    if settings.MAIL_SERVER is None:
        raise RequestRefused(404, "no_mail", "This site sends no e-mail.")
    message = native.decode(request.body, News)
    actions.subscribe(digests(message), _wish(message))
    return {}


def _wish(message: News) -> actions.Wish | None:
    if message.address is None:
        return None
    mailbox, _, domain = message.address.rpartition("@")
    # Domains are the same in capitals; mailboxes need not be. Source: RFC 5321 §2.4.
    return actions.Wish(f"{mailbox}@{domain.lower()}", message.language, message.rhythm)
