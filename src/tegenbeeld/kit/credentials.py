"""
The file with a partner's credentials: read, checked, and written so that only its owner reads it.
"""

import os
import tempfile
from pathlib import Path

from tegenbeeld.errors import StoreError, WireError
from tegenbeeld.wire.native import Credentials, decode, encode

FILE_NAME = "credentials.json"


def read_credentials(path: Path) -> Credentials:
    """
    Read a file that holds what `tegenbeeld node partner add NAME --json` printed.

    Raises:
        StoreError: The file is missing, unreadable, or holds something else.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise StoreError(
            f"There are no credentials at {path}. Who runs the node prints them with "
            "`tegenbeeld node partner add NAME --json`; give the file to "
            "`tegenbeeld sync --store DIR --credentials FILE`."
        ) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return decode(raw, Credentials)
    except WireError as error:
        raise StoreError(
            f"{path} does not hold credentials. Use the file as who runs the node made it, with "
            "`tegenbeeld node partner add NAME --json`, and change nothing in it but the address."
        ) from error


def write_credentials(path: Path, credentials: Credentials) -> None:
    """
    Write the file whole or not at all, readable by its owner only.

    Raises:
        StoreError: The folder cannot be written.
    """
    try:
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE_NAME}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(encode(credentials))
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink()
            raise
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from error


def close_to_others(path: Path) -> None:
    """
    Take away other people's right to read the file, where the system knows such rights.

    A file that came from `… --json > credentials.json` is usually readable by all.
    """
    try:
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError:
        # Owned by somebody else, who set the rights on purpose.
        return
