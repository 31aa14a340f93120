"""
What everybody sees: the gallery, the form to share something, and what became of it.
"""

from checks import content_type
from flask import Blueprint, Response, abort, redirect, render_template, request, send_file, url_for
from parts import parts
from uploads import Upload
from werkzeug.wrappers import Response as AnyResponse

from tegenbeeld.kit import MediaError

blueprint = Blueprint("pages", __name__)

HEAD_BYTES = 64
"""Enough of a file to tell a video."""


@blueprint.get("/")
def home() -> str:
    """
    The gallery and the form.
    """
    return render_template("home.html", uploads=parts().uploads.published())


@blueprint.post("/uploads")
def share() -> AnyResponse | tuple[str, int]:
    """
    Take a picture or a video: publish it, hold it, or say why it cannot be taken.
    """
    file = request.files.get("picture")
    head = file.stream.read(HEAD_BYTES) if file else b""
    if file is None or not head:
        return refused("Choose a picture or video first.")
    file.stream.seek(0)
    kind = content_type(head)
    if kind is not None and kind.startswith("video/"):
        upload = parts().uploads.add_video(file.stream, content_type=kind)
        parts().video_checks.wake()
        return redirect(url_for("pages.show", upload=upload), 303)
    picture = file.stream.read()
    # Now with all of it: whether a picture moves may stand anywhere in it.
    kind = content_type(picture)
    if kind is None:
        return refused(
            "Only JPEG, PNG and WebP pictures, and MP4, MOV and WebM videos can be shared here."
        )
    try:
        matches = parts().checks.matches(picture)
    except MediaError as error:
        return refused(error.message)
    upload = parts().uploads.add(picture, content_type=kind, matches=matches)
    if matches:
        parts().worker.wake()
    return redirect(url_for("pages.show", upload=upload), 303)


@blueprint.get("/uploads/<upload>")
def show(upload: str) -> str:
    """
    What became of one upload.

    It never says that something is on the list: nobody may find that out by uploading it.
    """
    return render_template("upload.html", upload=find(upload))


@blueprint.get("/pictures/<upload>")
def picture(upload: str) -> Response:
    """
    A published picture or video.
    """
    return send(find(upload, state="published"))


@blueprint.get("/healthz")
def healthz() -> str:
    """
    Says that the platform is up.
    """
    return "alive\n"


def refused(problem: str) -> tuple[str, int]:
    """
    The form again, with what was wrong.
    """
    page = render_template("home.html", uploads=parts().uploads.published(), problem=problem)
    return page, 422


def find(upload: str, *, state: str | None = None) -> Upload:
    """
    An upload, in a certain state if one is given; else a page that says there is none.
    """
    found = parts().uploads.get(upload)
    if found is None or state not in (None, found.state):
        abort(404)
    return found


def send(upload: Upload) -> Response:
    """
    The bytes of a file, as nothing but the kind of picture or video that they are.
    """
    try:
        # Players ask for parts of a video; this answers such questions, too.
        path = parts().uploads.path(upload.id).resolve()
        response = send_file(path, mimetype=upload.content_type, conditional=True)
    except FileNotFoundError:
        # A moderator blocked it a moment ago.
        abort(404)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
