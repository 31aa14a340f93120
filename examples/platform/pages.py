"""
What everybody sees: the gallery, the form to share a picture, and what became of it.
"""

from checks import content_type
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from parts import parts
from uploads import Upload
from werkzeug.wrappers import Response as AnyResponse

from tegenbeeld.kit import MediaError

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """
    The gallery and the form.
    """
    return render_template("home.html", uploads=parts().uploads.published())


@blueprint.post("/uploads")
def share() -> AnyResponse | tuple[str, int]:
    """
    Take a picture: publish it, hold it, or say why it cannot be taken.
    """
    file = request.files.get("picture")
    picture = file.read() if file else b""
    if not picture:
        return refused("Choose a picture first.")
    kind = content_type(picture)
    if kind is None:
        return refused("Only JPEG, PNG and WebP pictures can be shared here.")
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

    It never says that a picture is on the list: nobody may find that out by uploading it.
    """
    return render_template("upload.html", upload=find(upload))


@blueprint.get("/pictures/<upload>")
def picture(upload: str) -> Response:
    """
    A published picture.
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
    The bytes of a picture, as nothing but the kind of picture that they are.
    """
    try:
        content = parts().uploads.path(upload.id).read_bytes()
    except FileNotFoundError:
        # A moderator blocked it a moment ago.
        abort(404)
    response = Response(content, content_type=upload.content_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
