"""
How an e-mail address lies in the database, and what stands for it in a link.

Sealed like a hash value (`sealing.py`), filled up to one length, with a nonce of its own for each
row: equal addresses look different. The link that stops the mails holds a keyed digest, which is
stored nowhere.
"""

import hmac
import secrets
from base64 import b32decode, b32encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings

from tegenbeeld.casework.news import LONGEST_ADDRESS
from tegenbeeld.server.keyring import subkey

NONCE_BYTES = 12
DIGEST_BYTES = 12
CHECK_BYTES = 8
STOP_TOKEN_LENGTH = 32
"""
Characters: both together, in base32. Letters and figures only: where a link ends with another
sign, some mail programmes leave that out.
"""


def seal_address(address: str, *, row: int) -> bytes:
    """
    Encrypt an address, at most `LONGEST_ADDRESS` characters of ASCII, for the row of this number.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    filled = address.encode("ascii").ljust(LONGEST_ADDRESS, b"\0")
    return nonce + _cipher().encrypt(nonce, filled, _context(row))


def unseal_address(sealed: bytes, *, row: int) -> str:
    """
    Decrypt what `seal_address` made for this row.

    Raises:
        cryptography.exceptions.InvalidTag: Another key, another row, or a changed value.
    """
    filled = _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _context(row))
    return filled.rstrip(b"\0").decode("ascii")


def stop_token(address: str) -> str:
    """
    What the link that stops all mails to an address ends with: `STOP_TOKEN_LENGTH` characters.
    """
    digest = _stop_digest(address)
    return b32encode(digest + _check(digest)).decode().lower()


def stopped_by(token: str) -> bytes | None:
    """
    The digest in a stop token, or None for one that this node did not make.

    Whoever makes up tokens is turned away before any row is opened.
    """
    try:
        both = b32decode(token, casefold=True)
    except ValueError:
        return None
    digest, check = both[:DIGEST_BYTES], both[DIGEST_BYTES:]
    return digest if hmac.compare_digest(check, _check(digest)) else None


def is_of(digest: bytes, address: str) -> bool:
    """
    Whether a digest from `stopped_by` stands for this address.
    """
    return hmac.compare_digest(digest, _stop_digest(address))


def _stop_digest(address: str) -> bytes:
    return _keyed("news stop", address.encode("ascii"))[:DIGEST_BYTES]


def _check(digest: bytes) -> bytes:
    return _keyed("news stop check", digest)[:CHECK_BYTES]


def _keyed(purpose: str, value: bytes) -> bytes:
    return hmac.digest(subkey(settings.KEY_FILE, purpose), value, "sha256")


def _cipher() -> AESGCMSIV:
    return AESGCMSIV(subkey(settings.KEY_FILE, "news"))


def _context(row: int) -> bytes:
    return f"news/{row}".encode()
