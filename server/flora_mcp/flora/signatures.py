"""Writes types and signatures the way Python and TypeScript readers expect them."""

from __future__ import annotations

import re
import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import JsonValue

from flora_mcp.flora.pages import Pages

PYTHON: dict[object, str] = {type(None): "None", JsonValue: "JSON"}
TYPESCRIPT: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    dict: "Record<string, unknown>",
    JsonValue: "unknown",
}


def camel(name: str) -> str:
    """Returns `list_nodes` as `listNodes`; a dotted path keeps its dots."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """Returns `listNodes` as `list_nodes` and `runID` as `run_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def python_type(hint: Any) -> str:
    """Returns an annotation as Python source, without constraints."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return python_type(inner[0])
    if origin is Union or origin is types.UnionType:
        return " | ".join(python_type(member) for member in inner)
    if origin is Literal:
        return "Literal[" + ", ".join(_quoted(word) for word in inner) + "]"
    if origin is Pages:
        return f"Page[{python_type(inner[0])}]"
    if origin is list:
        return f"list[{python_type(inner[0])}]"
    return PYTHON.get(origin or hint) or str((origin or hint).__name__)


def typescript_type(hint: Any) -> str:
    """Returns an annotation as TypeScript source; `None` in a union is left to the `?` of its name."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return typescript_type(inner[0])
    if origin is Union or origin is types.UnionType:
        return " | ".join(typescript_type(member) for member in inner if member is not type(None))
    if origin is Literal:
        return " | ".join(_quoted(word) for word in inner)
    if origin is Pages:
        return f"Page<{typescript_type(inner[0])}>"
    if origin is list:
        return f"{typescript_type(inner[0])}[]"
    return TYPESCRIPT.get(origin or hint) or str((origin or hint).__name__)


def _quoted(word: str) -> str:
    return f'"{word}"'
