"""
The description of the sidecar for programs, made from the types that read and write its messages.

    python -m tegenbeeld.sidecar.openapi > spec/sidecar.json
"""

import sys
from typing import Any

import msgspec

import tegenbeeld
from tegenbeeld.media.limits import MAX_BYTES
from tegenbeeld.media.video.limits import MAX_VIDEO_BYTES
from tegenbeeld.pdq import MAX_DISTANCE
from tegenbeeld.sidecar import limits, messages

REF = "#/components/schemas/{name}"

MESSAGES = (
    messages.Question,
    messages.HashAnswer,
    messages.PictureAnswer,
    messages.VideoAnswer,
    messages.ErrorBody,
)

REASONS = {
    400: "The request could not be read: no JSON, a body that was cut off, a wrong parameter",
    401: "The token is missing or wrong",
    403: "Asked by a name that is not of this machine, without a token being set",
    405: "Only POST",
    413: "More bytes than the limit",
    415: "A type that is not read here",
    422: "Read, but not hashes, or not a picture or video that can be hashed",
    429: "Too much is asked at once",
    500: "Something went wrong in the sidecar",
    503: "The list is being opened, or pictures or videos cannot be looked at just now",
}


def describe() -> dict[str, Any]:
    """
    The whole document: OpenAPI 3.1.
    """
    schemas, components = msgspec.json.schema_components(MESSAGES, ref_template=REF)
    refs = dict(zip((kind.__name__ for kind in MESSAGES), schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sidecar",
            "version": tegenbeeld.__version__,
            "description": "Which entries of the list do uploads match? "
            "docs/how-to/run-a-sidecar.md tells how to run it.",
        },
        "paths": {
            "/v1/match": {"post": _match(refs)},
            "/healthz": {"get": _text("The process answers", {})},
            "/readyz": {"get": _text("The list is open", _refusals(refs, 503))},
            "/metrics": {
                "get": {
                    **_text("Figures for Prometheus", _refusals(refs, 401, 403)),
                    "security": [{}, {"token": []}],
                }
            },
            "/v1/openapi.json": {
                "get": {
                    "summary": "This document",
                    "responses": {"200": _content("The document", {"type": "object"})},
                }
            },
        },
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _match(refs: dict[str, Any]) -> dict[str, Any]:
    return {
        "summary": "Look up hashes, or one picture or video",
        "security": [{}, {"token": []}],
        "parameters": [
            {
                "name": "max_distance",
                "in": "query",
                "description": "Most bits that may differ; inclusive. For a video, in photos and "
                "single frames that it shows; copies of videos have a rule of their own.",
                "schema": {
                    "type": "integer",
                    "minimum": 0,
                    "maximum": MAX_DISTANCE,
                    "default": MAX_DISTANCE,
                },
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": refs["Question"]},
                "application/octet-stream": {
                    "schema": {
                        "type": "string",
                        "contentMediaType": "application/octet-stream",
                        "description": "32 bytes for each hash, most significant first, at most "
                        f"{limits.MAX_HASHES} hashes.",
                    }
                },
                "image/*": _file("image/*", MAX_BYTES),
                "video/*": _file("video/*", MAX_VIDEO_BYTES),
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "description": "One file, under any name: a picture or a video.",
                    }
                },
            },
        },
        "responses": {
            "200": _content(
                "Hashes are answered with one list for each; a picture or video with one list. "
                "Which of the two a file is tell its first bytes: an animation is a video.",
                {"anyOf": [refs["HashAnswer"], refs["PictureAnswer"], refs["VideoAnswer"]]},
            ),
            **_refusals(refs, *REASONS),
        },
    }


def _file(media_type: str, most: int) -> dict[str, Any]:
    return {
        "schema": {
            "type": "string",
            "contentMediaType": media_type,
            "description": f"At most {most} bytes.",
        }
    }


def _refusals(refs: dict[str, Any], *statuses: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in statuses:
        answer = _content(REASONS[status], refs["ErrorBody"])
        if status in (429, 503):
            seconds = {"schema": {"type": "integer", "minimum": 0}}
            answer["headers"] = {"Retry-After": seconds}
        found[str(status)] = answer
    return found


def _text(summary: str, refusals: dict[str, Any]) -> dict[str, Any]:
    answer = {"description": "Yes", "content": {"text/plain": {"schema": {"type": "string"}}}}
    return {"summary": summary, "responses": {"200": answer, **refusals}}


def _content(description: str, schema: Any) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


if __name__ == "__main__":
    encoded = msgspec.json.format(msgspec.json.encode(describe()), indent=1)
    sys.stdout.write(encoded.decode() + "\n")
