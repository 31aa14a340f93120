"""
Answers of the sidecar, held against the document that describes them.
"""

import json
from typing import Any

from jsonschema import Draft202012Validator

from tegenbeeld.sidecar.openapi import describe

DOCUMENT = json.loads(json.dumps(describe()))


def check_answer(path: str, method: str, status: int, content_type: str, body: bytes) -> None:
    """
    Check an answer against what is said of its address, method, status and type.
    """
    if path not in DOCUMENT["paths"]:
        assert status == 404
        _check(json.loads(body), {"$ref": "#/components/schemas/ErrorBody"})
        return
    operation = DOCUMENT["paths"][path].get(method.lower())
    if operation is None or status == 405:
        assert status == 405
        _check(json.loads(body), {"$ref": "#/components/schemas/ErrorBody"})
        return
    content = operation["responses"][str(status)]["content"]
    media = content[content_type.partition(";")[0]]
    if "json" in content_type:
        _check(json.loads(body), media["schema"])


def _check(value: Any, schema: dict[str, Any]) -> None:
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)
