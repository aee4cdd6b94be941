"""Compares an answer of the studio with what its OpenAPI document says of it."""

import re
from functools import cache

from pydantic import ValidationError

from flora_mcp.studio.openapi import document
from flora_mcp.studio.openapi.document import OPERATIONS
from flora_mcp.studio.openapi.operation import Operation
from flora_mcp.studio.openapi.shapes import Refusal

PREFIX = "/api/v1"

JSON = "application/json"


def fault_of(method: str, path: str, *, status: int, content_type: str, body: bytes) -> str | None:
    """Returns how an answer differs from its description; None when it does not, or when nothing describes it."""
    operation = _operation(method, path)
    if operation is None:
        return None
    what = f"{status} to {operation.endpoint}"
    told = document()["paths"][operation.path][operation.verb]["responses"]
    if str(status) not in told:
        return f"{what} is not described: {body.decode()}"
    if content_type != JSON:
        return f"{what} is {content_type!r}"
    try:
        (operation.answer if status < 400 else Refusal).model_validate_json(body, strict=True)
    except ValidationError as exc:
        return f"{what} has another form: {exc}"
    return None


def _operation(method: str, path: str) -> Operation | None:
    found = [
        operation
        for operation in OPERATIONS
        if operation.verb == method.lower() and _pattern(operation.path).fullmatch(path.removeprefix(PREFIX))
    ]
    # Of two that fit, the one with fewer names in its path is meant.
    return min(found, key=lambda operation: operation.path.count("{")) if path.startswith(PREFIX) and found else None


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
