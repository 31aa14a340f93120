"""
`tegenbeeld node …`: what an operator does on the machine of the node.
"""

import argparse
import os
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from tegenbeeld.casework.partnership import KeyPurpose, PartnerState
from tegenbeeld.errors import BadSetting, NotReady
from tegenbeeld.server.calendar import today
from tegenbeeld.wire import native

if TYPE_CHECKING:
    from django.conf import LazySettings

Command = Callable[[argparse.Namespace], int]

LARGEST_SEED = 100_000_000

THREADS = 32
"""
Requests that are answered at once. A client that sends slowly holds one: see run-a-node.md.
"""

OPERATOR = "operator on the command line"
"""Who the audit names: whoever may run commands here is the operator."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """
    Add `node` and what follows it to the command line.
    """
    node = subparsers.add_parser("node", help="run a node", description=__doc__)
    commands = node.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="set up the folder DATA: database and keys")
    init.set_defaults(run=_init)

    serve = commands.add_parser("serve", help="serve the node on HOST and PORT")
    serve.set_defaults(run=_serve)

    seed = commands.add_parser("seed", help="fill an empty node with synthetic protections")
    seed.add_argument("count", metavar="N", type=_count, help=f"1 to {LARGEST_SEED}")
    seed.set_defaults(run=_seed)

    mail = commands.add_parser("mail", help="send yourself the message that people get")
    mail.add_argument("address", metavar="ADDRESS")
    mail.set_defaults(run=_mail)

    partner = commands.add_parser("partner", help="platforms that take part")
    partner_commands = partner.add_subparsers(required=True, metavar="COMMAND")
    add = partner_commands.add_parser("add", help="take in a platform; prints its keys, once")
    add.add_argument("name", metavar="NAME", help="the name that people will read")
    add.add_argument("--json", action="store_true", help="print one JSON object")
    add.set_defaults(run=_add_partner)
    suspend = partner_commands.add_parser("suspend", help="shut a platform out, at once")
    suspend.add_argument("name", metavar="NAME")
    suspend.set_defaults(run=_suspend)
    resume = partner_commands.add_parser("resume", help="let a suspended platform in again")
    resume.add_argument("name", metavar="NAME")
    resume.set_defaults(run=_resume)


def _init(_arguments: argparse.Namespace) -> int:
    settings = _settings()
    from tegenbeeld.server.keyring import create_key_file

    if not settings.KEY_FILE.exists() and settings.DATABASE_FILE.exists():
        raise NotReady(
            f"There is a database in {settings.DATA}, but its key file {settings.KEY_FILE} is "
            "missing. Put it back from its backup: a new key could not read the old hashes."
        )
    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    create_key_file(settings.KEY_FILE)

    from django.core.management import call_command

    from tegenbeeld.server.actions import synthetic

    call_command("migrate", verbosity=0)
    synthetic.list_test_hashes(on=today())
    print(f"The node in {settings.DATA} is set up.")
    return 0


def _serve(_arguments: argparse.Namespace) -> int:
    settings = _ready_settings()
    from granian.constants import Interfaces
    from granian.server import Server

    _check_port_is_free(settings.HOST, settings.PORT)
    print(f"The node starts at {settings.PUBLIC_URL}", flush=True)
    Server(
        "tegenbeeld.server.conf.wsgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        # Addresses of visitors are written nowhere.
        log_access=False,
        log_enabled=False,
    ).serve()
    return 0


def _seed(arguments: argparse.Namespace) -> int:
    _ready_settings()
    from tegenbeeld.server.actions import synthetic

    synthetic.seed(arguments.count, by=OPERATOR, on=today())
    print(f"{arguments.count} synthetic protections are on the list.")
    return 0


def _mail(arguments: argparse.Namespace) -> int:
    settings = _ready_settings()
    if settings.MAIL_SERVER is None:
        raise BadSetting("This node sends no mail. Set SMTP_URL and MAIL_FROM.")
    from tegenbeeld.server.actions.news import sample
    from tegenbeeld.server.jobs.letter import letter
    from tegenbeeld.server.jobs.smtp import Outcome, connected, hand_in

    server = settings.MAIL_SERVER
    if "@" not in arguments.address:
        raise BadSetting(f"{arguments.address!r} is no e-mail address.")
    message = letter(
        sample(arguments.address, today=today()),
        sender=settings.MAIL_FROM,
        site=settings.PUBLIC_URL,
    )
    try:
        with connected(server) as connection:
            outcome = hand_in(connection, message)
    except OSError as error:
        raise BadSetting(f"The mail server {server.host}, port {server.port}: {error}") from error
    if outcome is not Outcome.TAKEN:
        raise BadSetting(f"The mail server {server.host} does not take mail to this address.")
    print(f"The mail server took it. Look into the mailbox of {arguments.address}.")
    return 0


def _check_port_is_free(host: str, port: int) -> None:
    # The server itself shares a port with whoever listens there, and complains with a trace.
    try:
        family, kind, *_, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
    except OSError as error:
        raise BadSetting(
            f"The node cannot listen on HOST {host}, PORT {port}: {error.strerror}. "
            "Stop what listens there, or choose another PORT."
        ) from error


def _suspend(arguments: argparse.Namespace) -> int:
    return _move_partner(arguments.name, PartnerState.SUSPENDED, "Its keys open nothing now.")


def _resume(arguments: argparse.Namespace) -> int:
    return _move_partner(arguments.name, PartnerState.LIVE, "Its keys work again.")


def _move_partner(name: str, state: PartnerState, meaning: str) -> int:
    _ready_settings()
    from tegenbeeld.server.actions import partners

    partners.move(name, to=state, by=OPERATOR, on=today())
    print(f"{name}: {state}. {meaning}")
    return 0


def _add_partner(arguments: argparse.Namespace) -> int:
    settings = _ready_settings()
    from tegenbeeld.server.actions import partners

    keys = partners.add(arguments.name, by=OPERATOR, on=today())
    credentials = _credentials(arguments.name.strip(), keys, node=settings.PUBLIC_URL)
    if arguments.json:
        sys.stdout.write(native.encode(credentials).decode() + "\n")
    else:
        _print_credentials(credentials)
    return 0


def _credentials(name: str, keys: Mapping[KeyPurpose, str], *, node: str) -> native.Credentials:
    endpoints = (KeyPurpose.FETCH_HASHES, KeyPurpose.SUBMIT_HASHES, KeyPurpose.SUBMIT_FEEDBACK)
    return native.Credentials(
        partner=name,
        state=PartnerState.LIVE,
        node=node,
        key=keys[KeyPurpose.NATIVE],
        stopncii=native.StopnciiKeys(
            base_url=f"{node}/stopncii/v1",
            subscription_key=keys[KeyPurpose.SUBSCRIPTION],
            function_keys={endpoint.value: keys[endpoint] for endpoint in endpoints},
        ),
    )


def _print_credentials(credentials: native.Credentials) -> None:
    print(f"{credentials.partner} takes part now. Its keys are shown this once:")
    print(f"  native API {credentials.node}/api/v1")
    print(f"    key                {credentials.key}")
    print(f"  StopNCII-compatible API {credentials.stopncii.base_url}")
    print(f"    subscription key   {credentials.stopncii.subscription_key}")
    for endpoint, key in credentials.stopncii.function_keys.items():
        print(f"    {endpoint:<18} {key}")


def _count(text: str) -> int:
    with suppress(ValueError):
        if 1 <= int(text) <= LARGEST_SEED:
            return int(text)
    raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {LARGEST_SEED}")


def _settings() -> "LazySettings":
    # Whatever the node writes is for its own user alone.
    os.umask(0o077)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tegenbeeld.server.conf.settings"
    import django
    from django.conf import settings

    django.setup()
    return settings


def _ready_settings() -> "LazySettings":
    settings = _settings()
    if not settings.KEY_FILE.exists() or not settings.DATABASE_FILE.exists():
        raise NotReady(f"There is no node in {settings.DATA}. Set it up with: tegenbeeld node init")
    return settings
