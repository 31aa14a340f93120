"""
The description of the native API, made from the same types that read and write its messages.
"""

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

import tegenbeeld
from tegenbeeld.wire import native

REF = "#/components/schemas/{name}"


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """
    Why a request was not carried out, for programs and for people.
    """

    code: str
    message: str


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """
    The body of every answer from 400 up.
    """

    error: Refusal


MESSAGES = (
    native.ChangePage,
    native.Acknowledgement,
    native.FeedbackMessage,
    native.FeedbackReceipt,
    ErrorBody,
)


@require_GET
def document(_request: HttpRequest) -> HttpResponse:
    """
    OpenAPI 3.1, open to all: it describes messages and holds no data.
    """
    return HttpResponse(native.encode(describe()), content_type="application/json")


def describe() -> dict[str, Any]:
    """
    The whole document.
    """
    schemas, components = msgspec.json.schema_components(MESSAGES, ref_template=REF)
    refs: dict[Any, Any] = dict(zip(MESSAGES, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Exchange of hashes",
            "version": tegenbeeld.__version__,
            "description": "For platforms that take part. spec/exchange.md is the contract.",
        },
        "security": [{"partnerKey": []}],
        "paths": _paths(refs),
        "components": {
            "schemas": components,
            "securitySchemes": {"partnerKey": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths(refs: dict[Any, Any]) -> dict[str, Any]:
    changes = _operation("Read the log behind a place", refs[native.ChangePage], refs[ErrorBody])
    changes["parameters"] = [
        _parameter("after", default=0, minimum=0),
        _parameter("limit", default=native.MAX_PAGE, minimum=1, maximum=native.MAX_PAGE),
    ]
    return {
        "/api/v1/changes": {"get": changes},
        "/api/v1/acknowledgements": {
            "post": _operation(
                "Say how far the log is stored",
                refs[native.Acknowledgement],
                refs[ErrorBody],
                takes=refs[native.Acknowledgement],
            )
        },
        "/api/v1/feedback": {
            "post": _operation(
                "Say what became of uploads that matched",
                refs[native.FeedbackReceipt],
                refs[ErrorBody],
                takes=refs[native.FeedbackMessage],
            )
        },
    }


def _operation(summary: str, gives: Any, refuses: Any, *, takes: Any = None) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "Done", "content": _json(gives)},
            "4XX": {"description": "Not carried out, and why", "content": _json(refuses)},
        },
    }
    if takes is not None:
        operation["requestBody"] = {"required": True, "content": _json(takes)}
    return operation


def _parameter(name: str, **bounds: int) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", **bounds}}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
