"""
Mails go out through a real SMTP server, whatever happens in between.
"""

import ssl
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import httpx2
import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from pytest_django import Settings

from tegenbeeld.server.actions import news
from tegenbeeld.server.jobs import carrier as carrying
from tegenbeeld.server.jobs import smtp
from tegenbeeld.server.jobs.carrier import LOOK_EVERY_SECONDS, Carrier, Office
from tegenbeeld.server.records.models import Subscription
from tegenbeeld.wire import native
from testing.mail_server import MailServer
from testing.people import Person, random_hash
from testing.running_node import RemotePerson, RunningNode, free_port, wait_until

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
SITE = "https://help.example.org"

NotifyAll = Callable[..., None]


@pytest.fixture
def waiting(settings: Settings, db: None) -> Callable[..., None]:  # noqa: ARG001
    """
    Makes mails to some addresses wait, each in its language.
    """
    settings.MAIL_SERVER = smtp.MailServer("localhost", 25, is_tls=False, user=None, password=None)

    def wait_for(*addresses: str, language: str = "en") -> None:
        for address in addresses:
            person = Person()
            person.protect(random_hash())
            person.ask_for_news(address, 0, language=language)
        Subscription.objects.update(has_news=True)
        news.write(today=MORNING.date())

    return wait_for


def carrier(server: smtp.MailServer, folder: Path) -> Carrier:
    """
    A carrier that hands in at this server.
    """
    lock = folder / "mail.lock"
    return Carrier(Office(server, "Info <info@help.example.org>", SITE, range(8, 20), lock))


def local(server: MailServer, **more: object) -> smtp.MailServer:
    """
    The server as a node's setting.
    """
    plain = smtp.MailServer("127.0.0.1", server.port, is_tls=False, user=None, password=None)
    return plain._replace(**more)


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "There is news"),
        ("nl", "Er is nieuws"),
        ("fr", "Il y a du nouveau"),
        ("de", "Es gibt Neuigkeiten"),
    ],
)
def test_letter_says_that_there_is_news_and_nothing_else(
    waiting: NotifyAll, tmp_path: Path, language: str, subject: str
) -> None:
    """
    Plain text with one link, which stops the letters; one click does so in mail programmes.
    """
    waiting("ann@example.org", language=language)
    with MailServer() as server:
        assert carrier(local(server), tmp_path).carry(now=MORNING)
    (letter,) = server.letters
    assert (letter["Subject"], letter["To"]) == (subject, "ann@example.org")
    assert letter["From"] == "Info <info@help.example.org>"
    assert letter.get_content_type() == "text/plain"
    text = letter.get_content()
    (stop,) = (line for line in text.splitlines() if "http" in line)
    assert stop.startswith(f"{SITE}/{language}/stop/")
    assert stop.rpartition("/")[2].isalnum(), "A mail programme may cut other signs off a link."
    assert letter["List-Unsubscribe"] == f"<{stop}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Date"].datetime.tzinfo in {UTC, timezone(timedelta())}
    assert set(letter) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe"),
        *("List-Unsubscribe-Post", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert len(text) < 400


def test_letter_that_was_taken_is_not_sent_again(waiting: NotifyAll, tmp_path: Path) -> None:
    """
    The mark goes once the server has said yes.
    """
    waiting("ann@example.org", "bea@example.org")
    with MailServer() as server:
        for _ in range(2):
            assert carrier(local(server), tmp_path).carry(now=MORNING)
    assert server.readers == ["ann@example.org", "bea@example.org"]


def test_letter_that_is_not_taken_now_is_tried_again(waiting: NotifyAll, tmp_path: Path) -> None:
    """
    One mailbox is full, one does not exist, the third gets its letter; the first later.
    """
    waiting("ann@example.org", "bea@example.org", "cas@example.org")
    answers = {"ann@example.org": "452 full", "bea@example.org": "550 nobody"}
    with MailServer(on_recipient=lambda address: answers.get(address, "250 OK")) as server:
        mails = carrier(local(server), tmp_path)
        assert not mails.carry(now=MORNING)
        assert server.readers == ["cas@example.org"]
        answers.clear()
        assert mails.carry(now=MORNING)
        assert server.readers == ["ann@example.org", "cas@example.org"]


@pytest.mark.parametrize("answer", ["451 later", "554 looks like spam"])
def test_letter_whose_text_is_not_taken_is_tried_again(
    waiting: NotifyAll, tmp_path: Path, answer: str
) -> None:
    """
    What the server has against our letters is no fault of the mailbox.
    """
    waiting("ann@example.org")
    with MailServer(on_letter=lambda _address: answer) as server:
        assert not carrier(local(server), tmp_path).carry(now=MORNING)
    assert [mail.address for mail in news.due(today=MORNING.date())] == ["ann@example.org"]


def test_server_that_is_away_loses_nothing_for_three_days(
    waiting: NotifyAll, tmp_path: Path
) -> None:
    """
    After that the news are old, and the address stays for the next ones.
    """
    waiting("ann@example.org")
    away = smtp.MailServer("127.0.0.1", free_port(), is_tls=False, user=None, password=None)
    assert not carrier(away, tmp_path).carry(now=MORNING)
    assert not carrier(away, tmp_path).carry(now=MORNING + timedelta(days=3))
    assert carrier(away, tmp_path).carry(now=MORNING + timedelta(days=4))
    assert Subscription.objects.count() == 1


def test_letter_waits_for_the_morning(waiting: NotifyAll, tmp_path: Path) -> None:
    """
    The mail server was away until the night: nothing is lost, and nothing rings.
    """
    waiting("ann@example.org")
    with MailServer() as server:
        mails = carrier(local(server), tmp_path)
        for hour, letters in ((23, 0), (7, 0), (20, 0), (8, 1)):
            assert mails.carry(now=MORNING.replace(hour=hour))
            assert len(server.letters) == letters


def test_letter_goes_in_clear_to_this_machine_only(waiting: NotifyAll, tmp_path: Path) -> None:
    """
    A server elsewhere that offers no encryption gets neither a letter nor a password.
    """
    waiting("ann@example.org")
    with MailServer() as server:
        # The system takes this address for one of its own; by its number it is not.
        assert not ip_address("0.0.0.0").is_loopback
        elsewhere = local(server, host="0.0.0.0", user="node", password="secret")
        assert not carrier(elsewhere, tmp_path).carry(now=MORNING)
    assert server.letters == []


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it knows of none
@pytest.mark.parametrize("is_tls", [True, False])
def test_letter_goes_encrypted_with_name_and_password(
    waiting: NotifyAll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_tls: bool
) -> None:
    """
    From the first byte or by STARTTLS; to nobody whose certificate does not hold.
    """
    waiting("ann@example.org")
    context = certificate(tmp_path)

    def check(*arguments: object) -> AuthResult:
        data = arguments[-1]
        assert isinstance(data, LoginPassword)
        is_ours = (data.login, data.password) == (b"node", b"sec ret")
        return AuthResult(success=is_ours, handled=False)

    how = {"tls": context} if is_tls else {"tls_context": context, "require_starttls": True}
    with MailServer(
        authenticator=check, auth_required=True, auth_require_tls=not is_tls, **how
    ) as server:
        secure = local(server, host="localhost", is_tls=is_tls, user="node", password="sec ret")
        assert not carrier(secure, tmp_path).carry(now=MORNING)
        assert server.letters == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        wrong = secure._replace(password="wrong")
        assert not carrier(wrong, tmp_path).carry(now=MORNING)
        assert carrier(secure, tmp_path).carry(now=MORNING)
    assert server.readers == ["ann@example.org"]


def test_log_says_what_is_wrong_and_not_to_whom(
    waiting: NotifyAll, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """
    The server repeats the address in its answer; our log does not.
    """
    waiting("ann@example.org")
    with MailServer(on_letter=lambda address: f"554 {address} refused") as server:
        carrier(local(server), tmp_path).carry(now=MORNING)
    assert "554" in caplog.text
    assert "ann" not in caplog.text


def test_letter_stopped_a_moment_before_is_not_sent(
    waiting: NotifyAll, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    While the first letter is handed in, both people stop theirs.
    """
    waiting("ann@example.org", "bea@example.org")
    first, second = news.due(today=MORNING.date())

    def hand_in_and_stop(*how: Any) -> smtp.Outcome:
        news.unsubscribe(first.stop_token)
        news.unsubscribe(second.stop_token)
        return smtp.hand_in(*how)

    monkeypatch.setattr(carrying, "hand_in", hand_in_and_stop)
    with MailServer() as server:
        assert carrier(local(server), tmp_path).carry(now=MORNING)
    assert server.readers == [first.address]


WRITE = """
from datetime import date
from tegenbeeld.server.actions import news
assert news.write(today=date(2100, 1, 1))
"""
"""The round of a day to come, which cannot be waited for."""


def settings_for(server: MailServer) -> dict[str, str]:
    """
    What an operator sets, at whatever hour the tests run.
    """
    return {
        "SMTP_URL": server.url,
        "MAIL_FROM": "info@help.example.org",
        "MAIL_HOURS": "0-24",
    }


def be_found(node: RunningNode, count: int) -> list[str]:
    """
    Some people who ask to be told, and whose pictures a platform finds.
    """
    credentials = node.add_partner("Platform A")
    key = {"Authorization": f"Bearer {credentials.key}"}
    addresses = [f"person{number:02}@example.org" for number in range(count)]
    for address in addresses:
        person = RemotePerson(node)
        assert person.protect(random_hash()).status_code == 200
        assert person.ask_for_news(address, 0).status_code == 200

    def listed() -> list[native.Change]:
        page = httpx2.get(f"{node.url}/api/v1/changes", headers=key).content
        changes = native.decode(page, native.ChangePage).changes
        return [each for each in changes if each.provenance is native.Provenance.SELF]

    found = wait_until(lambda: len(listed()) == count and listed())
    feedback = [{"id": change.id, "value": "blocked"} for change in found]
    given = httpx2.post(f"{node.url}/api/v1/feedback", json={"feedback": feedback}, headers=key)
    assert given.status_code == httpx2.codes.OK, given.text
    node.inside(WRITE)
    return addresses


@pytest.mark.service
def test_no_letter_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    """
    Killed while the first letter is on its way; after the restart everybody gets hers.
    """
    is_killed = Event()

    def wait(_address: str) -> str:
        if is_killed.is_set():
            return "250 OK"
        is_killed.wait(60)
        return "451 later"

    with MailServer(on_letter=wait) as server:
        mail = settings_for(server)
        node = RunningNode(tmp_path / "node", **mail)
        node.start()
        addresses = be_found(node, 3)
        assert server.asked.wait(60)
        node.kill()
        is_killed.set()
        assert server.letters == []
        node.start()
        wait_until(lambda: len(server.letters) >= 3, seconds=60)
        node.stop()
    assert server.readers == addresses


@pytest.mark.service
def test_two_processes_send_each_letter_once(tmp_path: Path) -> None:
    """
    Two nodes over one folder look at the same time; nobody is told twice.
    """

    def slowly(_address: str) -> str:
        sleep(0.2)
        return "250 OK"

    with MailServer(on_letter=slowly) as server:
        mail = settings_for(server)
        nodes = [RunningNode(tmp_path / "node", **mail) for _ in range(2)]
        for node in nodes:
            node.start()
        addresses = be_found(nodes[0], 30)
        wait_until(lambda: len(server.letters) >= 30, seconds=60)
        sleep(2 * LOOK_EVERY_SECONDS)
        for node in nodes:
            node.stop()
    assert server.readers == addresses


@pytest.mark.service
def test_finding_of_a_platform_reaches_the_mailbox(tmp_path: Path) -> None:
    """
    The whole way: ask, be found by a platform, get a letter, follow its link, hear no more.
    """
    with MailServer() as server:
        mail = settings_for(server)
        node = RunningNode(tmp_path / "node", **mail)
        node.start()
        addresses = be_found(node, 1)
        wait_until(lambda: server.readers == addresses, seconds=60)
        link = server.letters[0]["List-Unsubscribe"].strip("<>")
        assert link.startswith(node.url)
        assert "<form" in httpx2.get(link).text
        stopped = httpx2.post(link, data={"List-Unsubscribe": "One-Click"})
        assert stopped.status_code == httpx2.codes.OK
        assert "<form" not in stopped.text
        with pytest.raises(subprocess.CalledProcessError):
            node.inside(WRITE.replace("2100", "2101"))
        node.stop()
    assert addresses[0].encode() not in node.log.read_bytes()


@pytest.mark.service
def test_operator_can_try_the_mail_server(tmp_path: Path) -> None:
    """
    One command sends the very message; without a server, or with one that is away, it says why.
    """
    with MailServer() as server:
        mail = settings_for(server)
        node = RunningNode(tmp_path / "node", **mail)
        node.command("init")
        assert "took it" in node.command("mail", "me@example.org")
    assert server.readers == ["me@example.org"]
    for more, why in ((mail, "Connection refused"), ({}, "SMTP_URL")):
        node = RunningNode(tmp_path / "node", **more)
        with pytest.raises(subprocess.CalledProcessError) as failed:
            node.command("mail", "me@example.org")
        assert why in failed.value.stderr
        assert "Traceback" not in failed.value.stderr


def certificate(folder: Path) -> ssl.SSLContext:
    """
    A server's context with a certificate for "localhost", which lies in the folder too.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context
