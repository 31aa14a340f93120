"""
How a hash value lies in the database: sealed, and found again by a keyed digest.

AES-256-GCM-SIV (RFC 8452) with a random nonce, bound to the row that it belongs to, so that a
value cannot be moved to another row. Equality goes over HMAC-SHA-256 under another key.
"""

import hmac
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from django.conf import settings

from tegenbeeld.casework.hash_value import HashValue
from tegenbeeld.server.keyring import subkey

NONCE_BYTES = 12


def seal(hash_value: HashValue, *, row: int) -> bytes:
    """
    Encrypt a value for the row with this number.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCMSIV(subkey(settings.KEY_FILE, "seal"))
    return nonce + cipher.encrypt(nonce, hash_value.value, _context(hash_value.signal_type, row))


def unseal(sealed: bytes, *, signal_type: str, row: int) -> bytes:
    """
    Decrypt what `seal` made for this row.

    Raises:
        cryptography.exceptions.InvalidTag: Another key, another row, or a changed value.
    """
    cipher = AESGCMSIV(subkey(settings.KEY_FILE, "seal"))
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _context(signal_type, row))


def digest(hash_value: HashValue) -> bytes:
    """
    32 bytes that are equal for equal hashes, and mean nothing without the key.
    """
    key = subkey(settings.KEY_FILE, "equality")
    return hmac.digest(key, hash_value.signal_type.encode() + b"\0" + hash_value.value, "sha256")


def file_digest(md5: bytes) -> bytes:
    """
    The same for the file of a video, whatever else is known of it.
    """
    return hmac.digest(subkey(settings.KEY_FILE, "equality"), b"file\0" + md5, "sha256")


def _context(signal_type: str, row: int) -> bytes:
    return f"{signal_type}/{row}".encode()
