"""
From a request to what is asked: its kind, its bound, its hashes. `files.py` takes in its file.

Nothing is used before it was checked, and no more is read than the limits allow.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import numpy as np

from tegenbeeld import pdq
from tegenbeeld.errors import RequestRefused
from tegenbeeld.sidecar.messages import Question

Environ = Mapping[str, Any]

HASH_DIGITS = 64
HASH_BYTES = 32
KINDS = {
    "application/json": "json",
    "application/octet-stream": "binary",
    "multipart/form-data": "form",
    "image/*": "picture",
    "video/*": "video",
}
"""What kind of question a body of some type is."""

DRAINED_BYTES = 16 * 1024 * 1024
DRAINED_AT_ONCE = 64 * 1024

_decode_question = msgspec.json.Decoder(Question).decode


def kind_of(environ: Environ) -> str:
    """
    Tell what kind of question it is: `json`, `binary`, `picture`, `video` or `form`.

    Raises:
        RequestRefused: 415.
    """
    name = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    kind = KINDS.get(name) or KINDS.get(name.partition("/")[0] + "/*")
    if kind is not None:
        return kind
    raise RequestRefused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        "Send a picture as image/jpeg or the like, a video as video/mp4 or the like, or either in "
        'a form; or {"hashes": […]} as application/json, or 32 bytes for each hash as '
        "application/octet-stream.",
    )


def max_distance(environ: Environ) -> int | None:
    """
    Read `?max_distance=N`.

    Returns:
        0 to 31, or None if it is not given.

    Raises:
        RequestRefused: 400; it is something else, or there are other parameters.
    """
    query = environ.get("QUERY_STRING", "")
    if not query:
        return None
    try:
        given = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=8)
    except ValueError:
        given = []
    if [name for name, _ in given] != ["max_distance"]:
        raise bad("The only parameter is max_distance, once.")
    return _bound(given[0][1])


def read_body(environ: Environ, *, most: int) -> bytes:
    """
    Take in the body.

    Args:
        environ: Of the request.
        most: Bytes; inclusive.

    Raises:
        RequestRefused: 413, it is longer; 400, it was cut off.
    """
    stream = environ["wsgi.input"]
    length = length_of(environ, most=most)
    if length is None:
        # Sent in pieces, without saying how many.
        body: bytes = stream.read(most + 1)
        if len(body) > most:
            raise too_large(most)
        return body
    body = stream.read(length)
    if len(body) != length:
        raise cut_off()
    return body


def length_of(environ: Environ, *, most: int) -> int | None:
    """
    Read how long the body says that it is.

    Returns:
        None if it does not say.

    Raises:
        RequestRefused: 413, it is more than *most*; 400, it is no number.
    """
    given = environ.get("CONTENT_LENGTH")
    if not given:
        return None
    if not given.isdecimal():
        raise bad("Content-Length is not a number.")
    if int(given) > most:
        raise too_large(most)
    return int(given)


def drain(environ: Environ) -> None:
    """
    Take in and forget what is left of the body of a refused request, within bounds.

    A connection that is closed before that may break off before the client has read the refusal.
    """
    for _ in range(DRAINED_BYTES // DRAINED_AT_ONCE):
        if not environ["wsgi.input"].read(DRAINED_AT_ONCE):
            return


def read_question(body: bytes) -> tuple[bytes, int | None]:
    """
    Read a question in JSON.

    Returns:
        32 bytes for each hash, and the bound, if it names one.

    Raises:
        RequestRefused: 400, it is no JSON; 422, it breaks the contract.
    """
    try:
        question = _decode_question(body)
    except msgspec.ValidationError as error:
        raise unprocessable("invalid_question", f"{error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad('The body is no JSON. It looks like {"hashes": ["…"]}.') from None
    text = "".join(question.hashes)
    try:
        hashes = bytes.fromhex(text)
    except ValueError:
        hashes = b""
    # `fromhex` passes over white space and takes capitals. Each text has 64 letters, so whatever
    # comes back the same has nothing but lower-case digits.
    if hashes.hex() != text:
        place = next(place for place, item in enumerate(question.hashes) if not _is_hash(item))
        raise unprocessable(
            "invalid_hash",
            f"hashes[{place}] is not a PDQ hash. One is written as 64 digits: 0 to 9 and a to f, "
            "in lower case, without spaces. Nothing was looked up.",
        )
    return hashes, question.max_distance


def check_binary(body: bytes) -> bytes:
    """
    Check a binary question.

    Raises:
        RequestRefused: 422, it is not made of whole hashes.
    """
    if len(body) % HASH_BYTES:
        raise unprocessable(
            "invalid_hash",
            f"The body has {len(body)} bytes, and a hash has 32. Nothing was looked up. To send a "
            "picture, name its type, such as image/jpeg.",
        )
    return body


def to_words(hashes: bytes) -> pdq.Words:
    """
    Turn 32 bytes for each hash into uint64[n, 4].
    """
    return np.frombuffer(hashes, dtype=">u8").astype(np.uint64).reshape(-1, 4)


def _bound(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text[:4]) > pdq.MAX_DISTANCE:
        raise bad(f"max_distance must be a whole number from 0 to {pdq.MAX_DISTANCE}.")
    return int(text)


def _is_hash(text: str) -> bool:
    try:
        return bytes.fromhex(text).hex() == text
    except ValueError:
        return False


def bad(message: str) -> RequestRefused:
    """
    400: it cannot be read.
    """
    return RequestRefused(HTTPStatus.BAD_REQUEST, "bad_request", message)


def cut_off() -> RequestRefused:
    """
    400: less came than was said.
    """
    return bad("The body was cut off. Nothing was looked up; send it again.")


def unprocessable(code: str, message: str) -> RequestRefused:
    """
    422: it can be read, but not be looked up.
    """
    return RequestRefused(HTTPStatus.UNPROCESSABLE_ENTITY, code, message)


def too_large(most: int) -> RequestRefused:
    """
    413: more bytes than *most*.
    """
    return RequestRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too_large",
        f"The body has more than {most} bytes. Nothing was looked up; send less at a time.",
    )
