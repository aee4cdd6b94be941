"""Writes a call of a method as it could stand in a program, from its annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, is_typeddict

from pydantic import JsonValue

from flora_mcp.flora.arguments import Id, PublicSource
from flora_mcp.flora.signatures import fields_of

WORDS = {
    "action_id": "resize-image-browser",
    "prompt": "a red fox in the snow",
    "diagram": 'graph LR\n  a["A fox (Image)"] --> b["The fox at night (Image)"]',
    "name": "Foxes",
    "node_id": "n1",
    "node_ids": "n1",
    "summary": "Let a run be cancelled",
    "detail": "A batch that went wrong cannot be stopped.",
    "technique_id": "color-transfer",
    "ref": "fox",
    "id": "prompt",
    "value": "A fox",
    "secret": "whsec_abc123",
}
"""What a text could be, by the name of its argument."""


@dataclass(frozen=True, kw_only=True)
class Argument:
    """One argument as far as an example needs it."""

    name: str
    js_name: str
    hint: Any
    required: bool
    positional: bool


TELLING = frozenset({"add"})
"""Optional arguments without which a call would say nothing."""

ID = "abc123"
IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


class Variable(str):
    """A name that the caller has given a value before."""


def python_example(path: str, arguments: Sequence[Argument], *, awaited: bool) -> str:
    """Returns a call with every required argument."""
    given = _given(arguments)
    first = [value for argument, value in given if argument.positional]
    options = {argument.name: value for argument, value in given if not argument.positional}
    return f"{'await ' if awaited else ''}{python_call(path, first, options)}"


def javascript_example(path: str, arguments: Sequence[Argument]) -> str:
    """Returns the same call as the SDK's users write it."""
    given = _given(arguments)
    first = [value for argument, value in given if argument.positional]
    options = {argument.js_name: value for argument, value in given if not argument.positional}
    return f"await {javascript_call(path, first, options)}"


def python_call(path: str, first: Sequence[JsonValue], options: Mapping[str, JsonValue]) -> str:
    """Returns a call with these arguments, written by place and by name."""
    written = [_python(value) for value in first]
    written += [f"{name}={_python(value)}" for name, value in options.items()]
    return f"client.{path}({', '.join(written)})"


def javascript_call(path: str, first: Sequence[JsonValue], options: Mapping[str, JsonValue]) -> str:
    """Returns a call with these arguments, those with names as one object at the end."""
    written = [_javascript(value) for value in first]
    return f"client.{path}({', '.join([*written, _javascript(dict(options))] if options else written)})"


def example_of(name: str, hint: Any) -> JsonValue:
    """Returns a value that fits an annotation."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        told = [constraint for constraint in inner[1:] if isinstance(constraint, Id | PublicSource)]
        if not told:
            return example_of(name, inner[0])
        return f"{told[0].prefix}{ID}" if isinstance(told[0], Id) else "https://example.com/fox.png"
    if origin is Literal:
        return str(inner[0])
    if origin is UnionType or origin is Union:
        return Variable(name) if bytes in inner else example_of(name, inner[0])
    if origin is list:
        return [example_of(name, inner[0])]
    if is_typeddict(hint):
        return {field.name: example_of(field.name, field.hint) for field in fields_of(hint) if field.required}
    if hint is str:
        return WORDS.get(name, "text")
    return {} if origin is dict else Variable(name)


def _given(arguments: Sequence[Argument]) -> list[tuple[Argument, JsonValue]]:
    shown = [argument for argument in arguments if argument.required or argument.name in TELLING]
    return [(argument, example_of(argument.name, argument.hint)) for argument in shown]


def _python(value: JsonValue) -> str:
    if isinstance(value, Variable):
        return str(value)
    written = repr(value)
    return written if '"' in written else written.replace("'", '"')


def _javascript(value: JsonValue) -> str:
    """Returns a value as JavaScript source: keys without quotes where they can do without."""
    if isinstance(value, Variable):
        return str(value)
    if isinstance(value, dict):
        items = [f"{key if IDENTIFIER.fullmatch(key) else json.dumps(key)}: {_javascript(value[key])}" for key in value]
        return "{ " + ", ".join(items) + " }" if items else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(_javascript(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
