"""
What an operator sets, and the complaints about what makes no sense.
"""

import pytest

from tegenbeeld.errors import BadSetting
from tegenbeeld.server.conf import environment
from tegenbeeld.server.jobs.smtp import MailServer


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost:25", MailServer("localhost", 25, False, None, None)),  # noqa: FBT003
        ("smtp://mail.example.org", MailServer("mail.example.org", 587, False, None, None)),  # noqa: FBT003
        ("smtps://mail.example.org/", MailServer("mail.example.org", 465, True, None, None)),  # noqa: FBT003
        (
            "smtps://no%40de:p%2Fw%3A@mail.example.org:2465",
            MailServer("mail.example.org", 2465, True, "no@de", "p/w:"),  # noqa: FBT003
        ),
    ],
)
def test_mail_server_is_read_from_its_address(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: MailServer
) -> None:
    """
    Names and passwords may hold any character, written as in any address.
    """
    monkeypatch.setenv("SMTP_URL", url)
    assert environment.mail_server("SMTP_URL") == expected


def test_without_a_mail_server_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Missing and empty are the same.
    """
    monkeypatch.delenv("SMTP_URL", raising=False)
    assert environment.mail_server("SMTP_URL") is None
    monkeypatch.setenv("SMTP_URL", "")
    assert environment.mail_server("SMTP_URL") is None


@pytest.mark.parametrize(
    "url",
    [
        *("localhost:25", "http://u:secret@host", "smtp://", "smtp://host:99999"),
        *("smtp://u:secret@host/path", "smtp://[::1"),
    ],
)
def test_bad_mail_server_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """
    What is wrong, an example, and no secret in anybody's log.
    """
    monkeypatch.setenv("SMTP_URL", url)
    with pytest.raises(BadSetting, match=r"SMTP_URL .* smtps://") as refused:
        environment.mail_server("SMTP_URL")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("address", ["", "info", "Info <info>", "Info <info@example.org\n>"])
def test_bad_sender_is_named(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """
    Also a missing one: no mail leaves without a sender.
    """
    monkeypatch.setenv("MAIL_FROM", address)
    with pytest.raises(BadSetting, match=r"MAIL_FROM .* Info <info@example.org>"):
        environment.mail_address("MAIL_FROM")


@pytest.mark.parametrize("address", ["info@example.org", "Info <info@example.org>"])
def test_sender_may_have_a_name(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """
    As it is written.
    """
    monkeypatch.setenv("MAIL_FROM", address)
    assert environment.mail_address("MAIL_FROM") == address


def test_hours_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The first counts, the last does not.
    """
    assert environment.hours("MAIL_HOURS", "8-20") == range(8, 20)
    monkeypatch.setenv("MAIL_HOURS", "0-24")
    assert environment.hours("MAIL_HOURS", "8-20") == range(24)


@pytest.mark.parametrize("text", ["", "8", "20-8", "8-8", "-1-5", "8-25", "8-20-22", "a-b"])
def test_bad_hours_are_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """
    With an example.
    """
    monkeypatch.setenv("MAIL_HOURS", text)
    with pytest.raises(BadSetting, match=r"MAIL_HOURS .* 8-20"):
        environment.hours("MAIL_HOURS", "8-20")
