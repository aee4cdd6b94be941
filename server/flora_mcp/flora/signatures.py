"""Writes types and signatures the way Python and TypeScript readers expect them."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

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
    bytes: "Uint8Array",
    Path: "string",
    Mapping: "Record<string, string>",
    type(None): "void",
}


def camel(name: str) -> str:
    """Returns `list_nodes` as `listNodes`; a dotted path keeps its dots."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


def snake(name: str) -> str:
    """Returns `listNodes` as `list_nodes` and `runID` as `run_id`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


@dataclass(frozen=True, kw_only=True)
class Field:
    """One key of a dict argument."""

    name: str
    hint: Any
    required: bool

    @property
    def key(self) -> str:
        """The key as TypeScript writes it, with a question mark when it may be left out."""
        return self.name if self.required else f"{self.name}?"


def fields_of(shape: Any) -> list[Field]:
    """Returns the keys of a `TypedDict` with their annotations."""
    hints = get_type_hints(shape, include_extras=True)
    return [
        Field(
            name=name,
            hint=get_args(hint)[0] if get_origin(hint) is NotRequired else hint,
            required=name in shape.__required_keys__,
        )
        for name, hint in hints.items()
    ]


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
    if origin is dict and is_typeddict(inner[1]):
        return f"dict[str, {python_type(inner[1])}]"
    if is_typeddict(hint):
        return "{" + ", ".join(f"{field.key}: {python_type(field.hint)}" for field in fields_of(hint)) + "}"
    return PYTHON.get(origin or hint) or str((origin or hint).__name__)


def typescript_type(hint: Any) -> str:
    """Returns an annotation as TypeScript source; `None` in a union is left to the `?` of its name."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return typescript_type(inner[0])
    if origin is Union or origin is types.UnionType:
        members = [typescript_type(member) for member in inner if member is not type(None)]
        return " | ".join(dict.fromkeys(members))
    if origin is Literal:
        return " | ".join(_quoted(word) for word in inner)
    if origin is Pages:
        return f"Page<{typescript_type(inner[0])}>"
    if origin is list:
        item = typescript_type(inner[0])
        return f"({item})[]" if " | " in item and not item.startswith("{") else f"{item}[]"
    if origin is dict and is_typeddict(inner[1]):
        return f"Record<string, {typescript_type(inner[1])}>"
    if is_typeddict(hint):
        return "{ " + ", ".join(f"{field.key}: {typescript_type(field.hint)}" for field in fields_of(hint)) + " }"
    return TYPESCRIPT.get(origin or hint) or str((origin or hint).__name__)


def _quoted(word: str) -> str:
    return f'"{word}"'
