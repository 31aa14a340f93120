"""
From a request to the one file that it brings: a picture in memory, a video on the disk.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import IO

import multipart

from tegenbeeld.media.limits import MAX_BYTES
from tegenbeeld.media.video.limits import MAX_VIDEO_BYTES
from tegenbeeld.sidecar import limits
from tegenbeeld.sidecar.questions import (
    Environ,
    bad,
    cut_off,
    length_of,
    read_body,
    too_large,
    unprocessable,
)

FORM_PARTS = 16
"""Most parts of a form; inclusive. One of them is the file."""

_PIECE_BYTES = 256 * 1024


def is_large(environ: Environ, kind: str) -> bool:
    """
    Tell whether a body may be larger than any picture, so that it is a video if anything.

    Args:
        environ: Of the request.
        kind: "picture", "video" or "form".

    Raises:
        RequestRefused: 413, it says that it is larger than any video; 400, it says nonsense.
    """
    if kind != "form":
        return kind == "video"
    length = length_of(environ, most=limits.MAX_FILE_BYTES)
    return length is None or length > limits.IN_MEMORY_BYTES


@contextmanager
def one_file(environ: Environ, kind: str) -> Iterator[Path | bytes]:
    """
    Take in the file, and have it as long as the `with` block lasts.

    Args:
        environ: Of the request.
        kind: "picture", "video" or "form".

    Raises:
        RequestRefused: 413, it is too large; 400, it was cut off or is no form; 422, the form holds
            no file, or several.
    """
    if kind == "picture":
        yield read_body(environ, most=MAX_BYTES)
    elif not is_large(environ, kind):
        file = BytesIO()
        _copy_from_form(environ, file)
        yield file.getvalue()
    else:
        # Without a name on the disk, so that nothing is left behind however this ends.
        with tempfile.TemporaryFile() as file_on_disk:
            if kind == "form":
                _copy_from_form(environ, file_on_disk)
            else:
                for piece in _pieces(environ, most=MAX_VIDEO_BYTES):
                    file_on_disk.write(piece)
            file_on_disk.flush()
            yield Path(f"/dev/fd/{file_on_disk.fileno()}")


def _pieces(environ: Environ, *, most: int) -> Iterator[bytes]:
    length = length_of(environ, most=most)
    end = most + 1 if length is None else length
    taken = 0
    while taken < end and (piece := environ["wsgi.input"].read(min(_PIECE_BYTES, end - taken))):
        taken += len(piece)
        if taken > most:
            raise too_large(most)
        yield piece
    if length is not None and taken < length:
        raise cut_off()


def _copy_from_form(environ: Environ, target: IO[bytes]) -> None:
    _, options = multipart.parse_options_header(environ["CONTENT_TYPE"])
    try:
        files = _copy_files(environ, target, boundary=options.get("boundary", ""))
    except (multipart.MultipartError, UnicodeError, LookupError, ValueError):
        raise bad("The form could not be read. Send it as multipart/form-data.") from None
    if files != 1:
        raise unprocessable(
            "not_one_file", f"The form holds {files} files. Send one picture or video at a time."
        )


def _copy_files(environ: Environ, target: IO[bytes], *, boundary: str) -> int:
    """
    Copy what the files of a form hold, and count them.
    """
    files = 0
    is_file = False
    with multipart.PushMultipartParser(boundary.encode(), max_segment_count=FORM_PARTS) as parser:
        # An empty piece tells the parser that there is no more.
        for piece in chain(_pieces(environ, most=limits.MAX_FILE_BYTES), [b""]):
            for event in parser.parse(piece):
                if isinstance(event, multipart.MultipartSegment):
                    is_file = event.filename is not None
                    files += is_file
                elif event and is_file:
                    target.write(event)
    return files
