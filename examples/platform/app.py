"""
The demonstration platform: people upload pictures and videos; a copy of a listed one is stopped.

`pages.py` is what everybody sees, `review.py` what moderators see, `checks.py` the question to
the list, `videos.py` the same for videos, which takes longer, `worker.py` the conversation with the
node, `uploads.py` everything that is kept.
"""

import guards
import pages
import parts
import review
from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

MAX_UPLOAD_BYTES = 100 * 1024 * 1024

MESSAGES = {
    403: "This form was sent from another site, so nothing was done.",
    404: "There is nothing here. It may have been removed.",
    413: "This file is larger than 100 MB. Choose a smaller copy.",
}


def create_app(given: parts.Parts) -> Flask:
    """
    Make the application from its parts.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_UPLOAD_BYTES
    parts.install(app, given)
    guards.install(app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(review.blueprint)
    app.register_error_handler(HTTPException, show_error)
    app.context_processor(footer)
    return app


def footer() -> dict[str, object]:
    """
    What every page shows of the list.
    """
    worker = parts.parts().worker
    return {"listed": worker.listed, "trouble": worker.trouble}


def show_error(error: HTTPException) -> tuple[str, int]:
    """
    A plain sentence instead of the framework's page.
    """
    code = error.code or 500
    message = MESSAGES.get(code, "This could not be done. Go back and try again.")
    return render_template("error.html", message=message), code
