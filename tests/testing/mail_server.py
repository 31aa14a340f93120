"""
A real SMTP server on this machine, which keeps what it takes.
"""

import ssl
import threading
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"

Answer = Callable[[str], str]


class MailServer:
    """
    Started with `with`; its letters can be read at any time.

    Args:
        on_recipient: What it answers to an address. It takes each, unless told otherwise.
        on_letter: What it answers to a whole letter; may block.
        tls: For a server that speaks TLS from the first byte.
        **how: More for aiosmtpd's `SMTP`.
    """

    def __init__(
        self,
        *,
        on_recipient: Answer = lambda _address: TAKEN,
        on_letter: Answer = lambda _address: TAKEN,
        tls: ssl.SSLContext | None = None,
        **how: Any,
    ) -> None:
        self.letters: list[EmailMessage] = []
        self.asked = threading.Event()
        self._on_recipient = on_recipient
        self._on_letter = on_letter
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, ssl_context=tls, **how)

    @property
    def port(self) -> int:
        """
        Where it listens.
        """
        port: int = self._controller.server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """
        As a node's setting.
        """
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def readers(self) -> list[str]:
        """
        To whom its letters are, one for each, in alphabetical order.
        """
        return sorted(str(letter["To"]) for letter in self.letters)

    def __enter__(self) -> "MailServer":
        """
        Listen.
        """
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        """
        Listen no more.
        """
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802  (aiosmtpd looks for this name)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """
        Called for each recipient.
        """
        answer = self._on_recipient(address)
        if answer == TAKEN:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """
        Called for each letter.
        """
        self.asked.set()
        answer = await server.loop.run_in_executor(None, self._on_letter, envelope.rcpt_tos[0])
        if answer == TAKEN:
            content = envelope.original_content or b""
            self.letters.append(message_from_bytes(content, policy=POLICY))  # type: ignore[arg-type]
        return answer


class _Controller(Controller):
    def _trigger_server(self) -> None:
        # The port is drawn by the system; aiosmtpd asks itself for a greeting on the one it was
        # given.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
