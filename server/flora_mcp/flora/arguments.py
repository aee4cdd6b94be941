"""Checks arguments by their annotations, before anything is sent."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from reprlib import Repr
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from flora_mcp.flora.errors import InvalidArgumentError

SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Id:
    """An id: its prefix, then anything but spaces (`docs:api`)."""

    prefix: str
    found: str
    """The calls that tell such ids."""

    def expected(self, value: object) -> str | None:
        if isinstance(value, str) and re.fullmatch(rf"{self.prefix}\S+", value):
            return None
        return f"an id that starts with {self.prefix!r}. Take it from {self.found}."


@dataclass(frozen=True)
class Between:
    """A number within bounds, both included."""

    low: float
    high: float

    def expected(self, value: object) -> str | None:
        if isinstance(value, int | float) and self.low <= value <= self.high:
            return None
        return f"a number from {self.low:g} to {self.high:g}. Choose one in that range."


@dataclass(frozen=True)
class NotEmpty:
    """Text with at least one visible character."""

    def expected(self, value: object) -> str | None:
        if isinstance(value, str) and value.strip():
            return None
        return "a text that is not empty. Write what you want."


@dataclass(frozen=True)
class Key:
    """Text that can stand in a header."""

    def expected(self, value: object) -> str | None:
        if isinstance(value, str) and re.fullmatch(r"[!-~]{1,255}", value):
            return None
        return "1 to 255 visible ASCII characters without spaces. Choose another key."


@dataclass(frozen=True)
class Slug:
    """An id without a prefix, or a name that stands for one: anything but spaces."""

    found: str
    """The calls that tell such ids."""

    def expected(self, value: object) -> str | None:
        if isinstance(value, str) and re.fullmatch(r"\S+", value):
            return None
        return f"an id without spaces. Take it from {self.found}."


@dataclass(frozen=True)
class Items:
    """A list with so many items, both bounds included."""

    low: int
    high: int | None = None

    def expected(self, value: object) -> str | None:
        if isinstance(value, list) and self.low <= len(value) and (self.high is None or len(value) <= self.high):
            return None
        bounds = f"{self.low} to {self.high}" if self.high is not None else f"at least {self.low}"
        return f"a list of {bounds} items."


@dataclass(frozen=True)
class PublicSource:
    """Where FLORA gets the bytes of an asset from: an HTTPS address, or the word for a signed upload."""

    def expected(self, value: object) -> str | None:
        if value == SIGNED_UPLOAD or (isinstance(value, str) and re.match(r"(?i)https?://[^\s/]", value)):
            return None
        return (
            f"a public HTTPS address, or {SIGNED_UPLOAD!r} to reserve an upload. FLORA takes no local paths and "
            f"no data: URLs."
        )


SIGNED_UPLOAD = "signed-url"
"""The `source` of an asset whose bytes are sent later (`sdk:resources/assets.ts`)."""

WorkspaceId = Annotated[str, Id("ws_", "client.workspaces.list()")]
ProjectId = Annotated[str, Id("prj_", "client.projects.list(workspace_id=...) or client.projects.create(...)")]
RunId = Annotated[str, Id("run_", "the answer of client.generations.create(...) or client.generations.list(...)")]
FolderId = Annotated[str, Id("fld_", "the address of the folder in FLORA; no call lists folders")]
LibraryFolderId = Annotated[str, Id("libfolder_", "client.workspaces.library.folders.create(...)")]
AssetId = Annotated[str, Id("asset_", "client.assets.list(...) or client.assets.create(...)")]
TechniqueId = Annotated[str, Slug("client.techniques.list()")]
"""An id or a slug (`sdk:resources/techniques/techniques.ts`)."""
PublicTechniqueId = Annotated[str, Id("tech_", "client.techniques.list()")]
ActionId = Annotated[str, Slug("client.actions.list()")]
NodeId = Annotated[str, Slug("client.workspaces.projects.graph(...) or client.projects.list_nodes(...)")]
Limit = Annotated[int, Between(1, 100)]
"""Items of a page (`docs:api`)."""
Text = Annotated[str, NotEmpty()]
IdempotencyKey = Annotated[str, Key()]

WORDS: dict[object, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    dict: "a dict with text keys",
    list: "a list",
}


def check(name: str, value: object, hint: Any) -> None:
    """Checks one value against its annotation.

    Raises:
        InvalidArgumentError: it does not fit; the message tells value, what is accepted and where to find it.
    """
    check_all({name: value}, {name: hint})


def misfits(arguments: Mapping[str, object], hints: Mapping[str, Any]) -> dict[str, str]:
    """Returns what is wrong with each argument that does not fit its annotation: the value and what is accepted."""
    told = {name: _expected(value, hints[name]) for name, value in arguments.items() if name in hints}
    return {name: f"{shown(arguments[name])}: expected {text}" for name, text in told.items() if text is not None}


def check_all(arguments: Mapping[str, object], hints: Mapping[str, Any]) -> None:
    """Checks every argument that has an annotation.

    Raises:
        InvalidArgumentError: some do not fit; all of them are in the message.
    """
    found = misfits(arguments, hints)
    if found:
        raise InvalidArgumentError(
            "; ".join(f"{name}={text}" for name, text in found.items()), argument=next(iter(found))
        )


def _expected(value: object, hint: Any) -> str | None:
    """Returns what was expected instead of the value, or None when it fits."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        found = _expected(value, inner[0])
        told = [constraint.expected(value) for constraint in inner[1:]]
        return next((text for text in told if text), found)
    if origin is Union or origin is types.UnionType:
        told = [_expected(value, member) for member in inner]
        return None if None in told else next(t for m, t in zip(inner, told, strict=True) if m is not type(None))
    if origin is Literal:
        return None if value in inner and isinstance(value, str) else _one_of(value, inner)
    if origin is NotRequired:
        return _expected(value, inner[0])
    if is_typeddict(hint):
        return _expected_fields(value, hint)
    if origin is list and isinstance(value, list):
        told = [_within(f"[{place}]", _expected(item, inner[0])) for place, item in enumerate(value)]
        return next((text for text in told if text), None)
    if origin is dict and isinstance(value, dict) and is_typeddict(inner[1]):
        told = [_within(f"[{key!r}]", _expected(item, inner[1])) for key, item in value.items()]
        return next((text for text in told if text), None)
    kind = origin or hint
    return None if _fits(value, kind) else f"{WORDS.get(kind, 'another type')}, not {type(value).__name__}."


def _expected_fields(value: object, shape: Any) -> str | None:
    if not isinstance(value, dict):
        return f"a dict, not {type(value).__name__}."
    missing = sorted(shape.__required_keys__ - value.keys())
    hints = _hints_of(shape)
    if missing:
        return f"{missing[0]!r} in it. Its keys are {', '.join(hints)}."
    told = [_within(f"[{key!r}]", _expected(value[key], hints[key])) for key in hints if key in value]
    return next((text for text in told if text), None)


@cache
def _hints_of(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)


def _within(place: str, expected: str | None) -> str | None:
    """Returns what was expected further in, with the way to it in front."""
    if expected is None:
        return None
    return f"at {place}{expected.removeprefix('at ')}" if expected.startswith("at [") else f"at {place} {expected}"


def shown(value: object) -> str:
    """Returns a value's `repr`, cut in length and depth: it may be anything that a program made."""
    short = Repr()
    short.maxstring = short.maxother = short.maxlong = SHOWN_CHARACTERS
    return short.repr(value)


def _one_of(value: object, accepted: tuple[str, ...]) -> str:
    listed = ", ".join(repr(word) for word in accepted)
    near = get_close_matches(str(value).lower(), accepted, n=1)
    return f"one of {listed}" + (f". Did you mean {near[0]!r}?" if near else ".")


def _fits(value: object, kind: object) -> bool:
    if kind is type(None):
        return value is None
    if kind is float:
        return _fits(value, int) or (isinstance(value, float) and math.isfinite(value))
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is dict:
        return isinstance(value, dict) and all(isinstance(key, str) for key in value)
    return not isinstance(kind, type) or isinstance(value, kind)
