"""
From a request to what is asked: its kind, its bound, its hashes or its picture.

Nothing is used before it was checked, and no more is read than the limits allow.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import multipart
import numpy as np

from tegenbeeld import pdq
from tegenbeeld.errors import RequestRefused
from tegenbeeld.sidecar.messages import Question

Environ = Mapping[str, Any]

HASH_DIGITS = 64
HASH_BYTES = 32
DRAINED_BYTES = 16 * 1024 * 1024
DRAINED_AT_ONCE = 64 * 1024
FORM_PARTS = 16
"""Most parts of a form; inclusive. One of them is the picture."""

_decode_question = msgspec.json.Decoder(Question).decode


def kind_of(environ: Environ) -> str:
    """
    Tell what kind of question it is: `json`, `binary`, `picture` or `form`.

    Raises:
        RequestRefused: 415.
    """
    given = environ.get("CONTENT_TYPE", "")
    if given == "application/json":
        return "json"
    if given == "application/octet-stream":
        return "binary"
    name = given.partition(";")[0].strip().lower()
    if name == "application/json":
        return "json"
    if name == "application/octet-stream":
        return "binary"
    if name == "multipart/form-data":
        return "form"
    if name.startswith("image/"):
        return "picture"
    raise RequestRefused(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "unsupported_media_type",
        'Send a picture as image/jpeg or the like, or in a form; or {"hashes": […]} as '
        "application/json, or 32 bytes for each hash as application/octet-stream. Videos are not "
        "read yet.",
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
        raise _bad("The only parameter is max_distance, once.")
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
    given = environ.get("CONTENT_LENGTH")
    if not given:
        # Sent in pieces, without saying how many.
        body: bytes = stream.read(most + 1)
        if len(body) > most:
            raise _too_large(most)
        return body
    if not given.isdecimal():
        raise _bad("Content-Length is not a number.")
    length = int(given)
    if length > most:
        raise _too_large(most)
    body = stream.read(length)
    if len(body) != length:
        raise _bad("The body was cut off. Nothing was looked up; send it again.")
    return body


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
        raise _unprocessable("invalid_question", f"{error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _bad('The body is no JSON. It looks like {"hashes": ["…"]}.') from None
    text = "".join(question.hashes)
    try:
        hashes = bytes.fromhex(text)
    except ValueError:
        hashes = b""
    # `fromhex` passes over white space and takes capitals. Each text has 64 letters, so whatever
    # comes back the same has nothing but lower-case digits.
    if hashes.hex() != text:
        place = next(place for place, item in enumerate(question.hashes) if not _is_hash(item))
        raise _unprocessable(
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
        raise _unprocessable(
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


def picture_in_form(environ: Environ, body: bytes) -> bytes:
    """
    Find the one file in a form.

    Raises:
        RequestRefused: 400, it is no form; 422, it holds no file, or several.
    """
    _, options = multipart.parse_options_header(environ["CONTENT_TYPE"])
    try:
        files = _files(body, boundary=options.get("boundary", ""))
    except (multipart.MultipartError, UnicodeError, LookupError, ValueError):
        raise _bad("The form could not be read. Send it as multipart/form-data.") from None
    if len(files) != 1:
        raise _unprocessable(
            "not_one_file", f"The form holds {len(files)} files. Send one picture at a time."
        )
    return bytes(files[0])


def _files(body: bytes, *, boundary: str) -> list[bytearray]:
    files: list[bytearray] = []
    is_file = False
    with multipart.PushMultipartParser(
        boundary.encode(), content_length=len(body), max_segment_count=FORM_PARTS
    ) as parser:
        for event in parser.parse(body):
            if isinstance(event, multipart.MultipartSegment):
                is_file = event.filename is not None
                if is_file:
                    files.append(bytearray())
            elif event and is_file:
                files[-1] += event
        # An empty piece tells the parser that there is no more.
        list(parser.parse(b""))
    return files


def _bound(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text[:4]) > pdq.MAX_DISTANCE:
        raise _bad(f"max_distance must be a whole number from 0 to {pdq.MAX_DISTANCE}.")
    return int(text)


def _is_hash(text: str) -> bool:
    try:
        return bytes.fromhex(text).hex() == text
    except ValueError:
        return False


def _bad(message: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.BAD_REQUEST, "bad_request", message)


def _unprocessable(code: str, message: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.UNPROCESSABLE_ENTITY, code, message)


def _too_large(most: int) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too_large",
        f"The body has more than {most} bytes. Nothing was looked up; send less at a time.",
    )
