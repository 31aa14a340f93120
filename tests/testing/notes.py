"""
Notes, as a person's own program opens them. Source: spec/code.md §5.
"""

from base64 import b64decode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


def note_key(secret: bytes) -> bytes:
    """
    The 32-byte key of the notes of one code.

    Args:
        secret: 10 bytes.
    """
    derivation = Argon2id(
        salt=b"tegenbeeld/code1", length=32, iterations=3, lanes=1, memory_cost=65536
    )
    info = b"tegenbeeld/v1/notes"
    return HKDF(SHA256(), 32, salt=None, info=info).derive(derivation.derive(secret))


def open_note(key: bytes, slot: int, note: str) -> str | None:
    """
    The text of a note, empty where there is none; None where it is not of this key and slot.
    """
    sealed = b64decode(note)
    context = f"tegenbeeld/v1/note/{slot}".encode()
    try:
        padded = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except InvalidTag:
        return None
    return padded[1 : 1 + padded[0]].decode()
