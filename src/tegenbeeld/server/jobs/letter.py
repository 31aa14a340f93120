"""
The mail that says that there is news, and nothing else.

Whoever looks over her shoulder reads a sentence that could come from anywhere: no name of a
person, no word of what the site is for, no address of a page but the one that stops the mails.
"""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr

from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext

from tegenbeeld.server.actions.news import Mail

LINE_LENGTH = 900
"""Below the 998 characters that a line of a mail may have. Source: RFC 5322 §2.1.1."""


def letter(mail: Mail, *, sender: str, site: str) -> EmailMessage:
    """
    The mail in her language, in plain text.

    Args:
        mail: To whom.
        sender: An address, or a name with an address in angle brackets.
        site: `PUBLIC_URL`.
    """
    stop = f"{site}/{mail.language}/stop/{mail.stop_token}"
    # The link stays in one piece: not every mail programme joins a folded line again.
    message = EmailMessage(policy=SMTP.clone(max_line_length=LINE_LENGTH))
    message["From"] = sender
    message["To"] = mail.address
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2])
    # Nobody's holiday message answers it. Source: RFC 3834 §5.
    message["Auto-Submitted"] = "auto-generated"
    # The mail programme shows a button of its own. Source: RFC 8058.
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    with translation.override(mail.language):
        message["Subject"] = gettext("There is news")
        message.set_content(
            "\n\n".join(
                [
                    gettext("There is news."),
                    gettext("You can look when it suits you. You do not have to do anything."),
                    gettext("You do not want these messages any more? Open this address:"),
                    stop,
                ]
            )
            + "\n"
        )
    return message
