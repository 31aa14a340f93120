"""
The number under which one partner knows an entry.

Each partner gets numbers of its own, so that two of them cannot compare lists by number, and
none learns the order of the table. The number is the entry's row encrypted under the partner's
key (one AES block: 8 bytes of row, 8 zero bytes), so no table of pairs has to be kept.
"""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from tegenbeeld.server.keyring import subkey

ROW_BYTES = 8
MARK = bytes(8)
"""Decrypting anything but a true number gives these zeros once in 2**64 tries."""


def partner_id(row: int, *, partner: int) -> str:
    """
    32 hexadecimal digits that stand for the entry *row* towards the partner row *partner*.
    """
    encryptor = _cipher(partner).encryptor()
    return (encryptor.update(row.to_bytes(ROW_BYTES) + MARK) + encryptor.finalize()).hex()


def entry_row(identifier: str, *, partner: int) -> int | None:
    """
    The entry behind a partner's number, or None if this partner was never given it.
    """
    decryptor = _cipher(partner).decryptor()
    plain = decryptor.update(bytes.fromhex(identifier)) + decryptor.finalize()
    return int.from_bytes(plain[:ROW_BYTES]) if plain[ROW_BYTES:] == MARK else None


def _cipher(partner: int) -> Cipher[modes.ECB]:
    # A single block each time: this mode is then the bare permutation, which is what is wanted.
    key = subkey(settings.KEY_FILE, f"partner ids/{partner}")
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
