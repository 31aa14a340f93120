"""
What moderators see. On a real platform these pages are behind a login.

A match is a reason to look, never a verdict: people decide, and their answer goes to the node.
"""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from pages import find, send
from parts import parts
from uploads import Upload
from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("review", __name__, url_prefix="/review")

FOUND = {
    "file": "the very file of a listed video",
    "video": "a copy of a listed video",
    "picture": "a copy of a listed photo",
    "frame": "a picture out of a listed video",
    "shown": "a video that shows a listed photo",
}
VIEWS = {
    "whole": "the whole of it",
    "cut": "without what stands around it",
    "part": "one of several pictures in it",
    "turned": "turned back a little",
}


@blueprint.get("")
def held() -> str:
    """
    The uploads that wait for a decision.
    """
    uploads = parts().uploads.held()
    return render_template("review.html", uploads=[(one, facts(one)) for one in uploads])


def facts(upload: Upload) -> dict[str, str]:
    """
    What was found, in words.
    """
    told = {"Found": FOUND[upload.found or "picture"], "Listed entry": upload.entry or ""}
    if upload.at_ms is not None:
        whose = "the listed video" if upload.found == "frame" else "the upload"
        told["When"] = f"{clock(upload.at_ms)} after the start of {whose}"
    if upload.agreed is not None:
        told["Frames"] = f"{upload.agreed} of {upload.compared} agree"
    told["Distance"] = f"{upload.distance} of 256 bits differ"
    told["Compared"] = VIEWS[upload.view or "whole"]
    is_turned = upload.orientation != "original"
    told["Orientation"] = "turned or mirrored" if is_turned else "as listed"
    return told


def clock(milliseconds: int) -> str:
    """
    A time as players show it.
    """
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02}"


@blueprint.get("/pictures/<upload>")
def picture(upload: str) -> Response:
    """
    A held picture or video.
    """
    return send(find(upload, state="held"))


@blueprint.post("/<upload>")
def decide(upload: str) -> AnyResponse:
    """
    Block the upload or let it through.
    """
    find(upload)
    decision = request.form.get("decision")
    if decision not in ("intimate", "not_intimate"):
        abort(400)
    parts().uploads.decide(upload, is_intimate=decision == "intimate")
    parts().worker.wake()
    return redirect(url_for("review.held"), 303)
