"""
The node's master key and the keys that follow from it.

The file lies beside the database, never inside it: whoever copies only the database can read no
hash. Each purpose has a key of its own, so that one use can never be turned into another.
"""

import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tegenbeeld.errors import NotReady

KEY_BYTES = 32


def create_key_file(path: Path) -> bool:
    """
    Make a new master key, readable by its owner alone, unless there is one.

    Returns:
        Whether a key was made.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole, and never replaces a key that is there.
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


@cache
def subkey(path: Path, purpose: str) -> bytes:
    """
    The 32-byte key for one purpose.

    Raises:
        NotReady: The file is missing or is no key.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"tegenbeeld node/{purpose}".encode()).derive(
        _master_key(path)
    )


def _master_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text())
    except FileNotFoundError:
        raise NotReady(
            f"The key file {path} is missing. Put it back from its backup; "
            "on a new machine, run: tegenbeeld node init"
        ) from None
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise NotReady(f"The key file {path} is damaged. Put it back from its backup.")
    return key
