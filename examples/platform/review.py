"""
What moderators see. On a real platform these pages are behind a login.

A match is a reason to look, never a verdict: people decide, and their answer goes to the node.
"""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from pages import find, send
from parts import parts
from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("review", __name__, url_prefix="/review")


@blueprint.get("")
def held() -> str:
    """
    The uploads that wait for a decision.
    """
    return render_template("review.html", uploads=parts().uploads.held())


@blueprint.get("/pictures/<upload>")
def picture(upload: str) -> Response:
    """
    A held picture.
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
