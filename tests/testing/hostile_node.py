"""
A node that answers with whatever bytes a test wants, over a real socket.
"""

import json
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tegenbeeld.wire.native import Credentials, StopnciiKeys

THIS_MACHINE = ip_address("127.0.0.1")
KEY = "a-key-that-must-not-leak"

Behaviour = Callable[[socket.socket, str], None]
"""Gets the connection and the request line with its headers; the connection is closed after."""


@contextmanager
def hostile_node(behave: Behaviour, *, tls: ssl.SSLContext | None = None) -> Iterator[Credentials]:
    """
    Serve *behave* on a free port, as long as the `with` block lasts; credentials for it.
    """

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            # A client that hangs up is what is hoped for.
            with suppress(OSError):
                if tls is None:
                    behave(self.request, _request(self.request))
                else:
                    with tls.wrap_socket(self.request, server_side=True) as connection:
                        behave(connection, _request(connection))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        scheme = "http" if tls is None else "https"
        yield credentials(f"{scheme}://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def own_certificate(folder: Path) -> tuple[Path, Path]:
    """
    Make a certificate for this machine; the files of it and of its key.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(THIS_MACHINE)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def credentials(node: str) -> Credentials:
    """
    Credentials for the node at an address.
    """
    keys = StopnciiKeys(base_url=node, subscription_key="", function_keys={})
    return Credentials(partner="test", state="live", node=node, key=KEY, stopncii=keys)


def answer(body: bytes, *, status: str = "200 OK", headers: str = "") -> bytes:
    """
    A whole answer, after which the connection ends.
    """
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
    return head.encode() + body


def saying(whole: bytes) -> Behaviour:
    """
    Always give the same answer.
    """
    return lambda connection, _request: connection.sendall(whole)


def change(seq: int, /, **other: Any) -> dict[str, Any]:
    """
    A change as JSON has it, which lists a hash; parts of it can be set otherwise.
    """
    usual = {
        "seq": seq,
        "kind": "add",
        "id": f"{seq % 2**128:032x}",
        "signal_type": "pdq",
        "hash": f"{seq % 2**64:016x}" + "5a" * 24,
        "quality": 100,
        "provenance": "test",
    }
    return {**usual, **other}


def page(changes: object, *, next_: object, head: object, more: object) -> bytes:
    """
    A page of changes, right or wrong.
    """
    return json.dumps({"changes": changes, "next": next_, "head": head, "more": more}).encode()


def _request(connection: socket.socket) -> str:
    """
    Read one request, its body included.
    """
    got = b""
    while b"\r\n\r\n" not in got:
        piece = connection.recv(65536)
        if not piece:
            return ""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    text = head.decode()
    for line in text.lower().splitlines():
        if line.startswith("content-length:"):
            while len(body) < int(line.partition(":")[2]):
                body += connection.recv(65536)
    return text
