"""
Questions with one picture, as a body or in a form.
"""

import io
import threading
from collections.abc import Callable

import pytest
from PIL import Image

from tegenbeeld.sidecar import answers, limits
from testing.small_sidecar import Answer, Sidecar, entry, hash_text, picture_hash

Picture = Callable[..., bytes]


def form(*parts: tuple[str, bytes], boundary: str = "edge") -> tuple[bytes, str]:
    """
    A form and its content type. Each part is what follows the name, and the content.
    """
    body = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {more}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for more, content in parts
    )
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


@pytest.fixture
def listed(picture: Picture) -> Sidecar:
    """
    A sidecar that lists picture 1.
    """
    return Sidecar([entry(7, picture_hash(picture(1))), entry(8, hash_text(8))])


def ask_form(sidecar: Sidecar, body: bytes, content_type: str) -> Answer:
    """
    Send a form.
    """
    return sidecar.ask(body=body, CONTENT_TYPE=content_type)


def test_match_when_it_is_a_copy(listed: Sidecar, picture: Picture) -> None:
    """
    A smaller copy with other compression matches, as a body and in a form; another does not.
    """
    copy = picture(1, size=200, format_="JPEG")
    answer = listed.ask(body=copy, CONTENT_TYPE="image/jpeg")
    (match,) = answer.json["matches"]
    assert (match["id"], match["orientation"]) == (f"{7:032x}", "original")
    assert match["provenance"] == "self"
    assert 50 <= answer.json["quality"] <= 100
    body, content_type = form(("name=note", b"hello"), ('name="f"; filename="a.jpg"', copy))
    assert ask_form(listed, body, content_type).json == answer.json
    other = listed.ask(body=picture(2), CONTENT_TYPE="image/png")
    assert other.json["matches"] == []


def test_match_when_turned(listed: Sidecar, picture: Picture) -> None:
    """
    A turned copy matches with the orientation that undoes it.
    """
    file = io.BytesIO()
    Image.open(io.BytesIO(picture(1))).transpose(Image.Transpose.ROTATE_90).save(file, "PNG")
    (match,) = listed.ask(body=file.getvalue(), CONTENT_TYPE="image/png").json["matches"]
    assert match["orientation"] != "original"


def test_match_when_the_bound_is_lower(listed: Sidecar, picture: Picture) -> None:
    """
    The bound counts for pictures too.
    """
    copy = picture(1, size=90, format_="JPEG")
    (match,) = listed.ask(body=copy, CONTENT_TYPE="image/jpeg").json["matches"]
    query = f"max_distance={max(0, match['distance'] - 1)}"
    answer = listed.ask(body=copy, query=query, CONTENT_TYPE="image/jpeg")
    assert answer.json["matches"] == ([] if match["distance"] else [match])


def test_match_when_it_matches_too_many(picture: Picture, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The nearest are given, and the answer says that there are more.
    """
    monkeypatch.setattr(answers, "MAX_MATCHES", 2)
    hash_ = picture_hash(picture(1))
    sidecar = Sidecar([entry(number, hash_) for number in range(4)])
    answer = sidecar.ask(body=picture(1), CONTENT_TYPE="image/png")
    assert (len(answer.json["matches"]), answer.json["more"]) == (2, True)


def flat() -> bytes:
    """
    A picture without detail.
    """
    file = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(file, "PNG")
    return file.getvalue()


def tiny() -> bytes:
    """
    A picture of one pixel.
    """
    file = io.BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_picture"),
        (b"plainly no picture", "invalid_picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "invalid_picture"),
        (b"http://127.0.0.1:1/picture.jpg", "invalid_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "invalid_picture"),
        (flat(), "picture_too_poor"),
        (tiny(), "picture_too_small"),
    ],
)
def test_match_when_the_picture_cannot_be_hashed(listed: Sidecar, body: bytes, code: str) -> None:
    """
    Each reason has its code, so that a platform can let through what cannot be recognised.
    """
    answer = listed.ask(body=body, CONTENT_TYPE="image/png")
    assert (answer.status, answer.code) == (422, code)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "audio/mp4", "application/x-www-form-urlencoded", "json"]
)
def test_match_when_the_type_is_not_read(listed: Sidecar, content_type: str) -> None:
    """
    Other types are refused by name.
    """
    assert listed.ask(body=b"x", CONTENT_TYPE=content_type).status == 415


def test_match_when_the_form_is_wrong(listed: Sidecar, picture: Picture) -> None:
    """
    No file, two files, and bytes that are no form.
    """
    png = picture(1)
    file = ('name="f"; filename="a.png"', png)
    assert ask_form(listed, *form(("name=a", b"x"))).code == "not_one_file"
    assert ask_form(listed, *form(file, file)).code == "not_one_file"
    assert ask_form(listed, *form()).status in (400, 422)
    assert ask_form(listed, *form(*[("name=a", b"x")] * 20, file)).status == 400
    body, content_type = form(file)
    assert ask_form(listed, body[:-20], content_type).status == 400
    assert ask_form(listed, body, "multipart/form-data").status == 400
    assert ask_form(listed, body, "multipart/form-data; boundary=other").status == 400
    assert ask_form(listed, b"", content_type).status == 400


def test_match_when_the_picture_is_too_large(
    listed: Sidecar, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    More bytes than the limit are not read.
    """
    monkeypatch.setattr(limits, "MAX_FILE_BYTES", 100)
    assert ask_form(listed, bytes(101), "multipart/form-data; boundary=x").status == 413
    length = str(64 * 1024 * 1024 + 1)
    answer = listed.ask(body=b"x", CONTENT_TYPE="image/png", CONTENT_LENGTH=length)
    assert answer.status == 413


def test_match_when_too_many_pictures_wait(
    listed: Sidecar, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    One is decoded, some wait, and the next is refused at once; hashes are still answered.
    """
    may_go_on = threading.Event()
    real = listed.hasher.hash_copies

    def slow(content: bytes) -> object:
        may_go_on.wait(30)
        return real(content)

    monkeypatch.setattr(listed.hasher, "hash_copies", slow)
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(listed.ask(body=picture(1), CONTENT_TYPE="image/png").status)

    room = 1 + limits.PICTURES_WAITING
    threads = [threading.Thread(target=ask) for _ in range(room)]
    for thread in threads:
        thread.start()
    while listed.application._pictures._all._left:
        threading.Event().wait(0.01)
    answer = listed.ask(body=picture(1), CONTENT_TYPE="image/png")
    assert (answer.status, answer.code) == (429, "busy")
    assert answer.headers["Retry-After"] == "1"
    assert listed.ask_hashes(hash_text(8)).json["matches"][0]
    may_go_on.set()
    for thread in threads:
        thread.join()
    assert statuses == [200] * room
    assert listed.ask(body=picture(1), CONTENT_TYPE="image/png").status == 200
