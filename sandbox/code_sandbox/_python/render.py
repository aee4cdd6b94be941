"""Makes a program's value JSON, inside the worker: whatever a hostile `__repr__` does, it does there."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from json.encoder import encode_basestring
from types import GeneratorType
from typing import Any, cast

from code_sandbox._python.calls import Page
from code_sandbox._python.classes import ProgramType, data_fields
from code_sandbox._python.loop import Future
from code_sandbox._worker.stop import LimitReached

MAX_DEPTH = 48
LARGEST_SHORT = 10**40 - 1
"""Integers of more digits become text: few readers of JSON take them, and the host refuses them."""
VALUE_BYTES = 12
"""Charged for each value at least, so that the frame holds no more values than the host takes."""
MAX_LAZY_ITEMS = 10_000
SEQUENCES: tuple[type, ...] = (
    list,
    tuple,
    set,
    frozenset,
    deque,
    range,
    type({}.keys()),
    type({}.values()),
    type({}.items()),
)
LAZY: tuple[type, ...] = (map, filter, zip, enumerate, reversed, GeneratorType)


class Renderer:
    """Renders one value within a budget of bytes."""

    def __init__(self, *, max_bytes: int) -> None:
        self._bytes_left = max_bytes

    def render(self, value: Any, depth: int = 0) -> Any:
        """Returns the value as JSON: dates in ISO format, sets as lists, anything else as its `repr`.

        Raises:
            LimitReached: It is too large.
        """
        kind = type(value)
        if value is None or kind is bool:
            return self._spend(value, VALUE_BYTES)
        if kind is int:
            return self._spend(value, 44) if is_short(value) else self._text(repr(value))
        if kind is float:
            return self._spend(value, 26) if math.isfinite(value) else self._text(repr(value))
        if kind is str:
            return self._text(value)
        if depth >= MAX_DEPTH:
            return self._text("… nested too deeply")
        return self._render_object(value, depth)

    def _render_object(self, value: Any, depth: int) -> Any:
        if isinstance(value, Mapping):
            return self._mapping(value, depth)
        if isinstance(value, SEQUENCES):
            return self._sequence(_in_order(value), depth)
        if isinstance(value, Page):
            if any(each is value.items or each == value.items for each in value.body.values()):
                return self._mapping(value.body, depth)
            return self._mapping({"items": value.items, **value.body}, depth)
        if isinstance(value, Future) and value.done and value.error is None:
            return self.render(value.result(), depth + 1)
        if isinstance(value, datetime | date | time):
            return self._text(value.isoformat())
        if isinstance(value, timedelta):
            return self._text(str(value))
        if isinstance(value, LAZY):
            return self._sequence(list(islice(cast(Iterable[Any], value), MAX_LAZY_ITEMS)), depth)
        if type(type(value)) is ProgramType and not isinstance(value, BaseException) and _is_data(value):
            return self._mapping({key: each for key, each in vars(value).items() if key[:1] != "_"}, depth)
        return self._text(repr(value))

    def _mapping(self, mapping: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        self._spend(None, VALUE_BYTES)
        return {
            self._text(key if type(key) is str else str(key)): self.render(each, depth + 1)
            for key, each in mapping.items()
        }

    def _sequence(self, items: Any, depth: int) -> list[Any]:
        self._spend(None, VALUE_BYTES)
        return [self.render(each, depth + 1) for each in items]

    def _text(self, text: str) -> str:
        # The length in characters first: escaping what is far too long would multiply the memory it takes.
        self._spend(None, len(text))
        escaped = encode_basestring(text).encode("utf-8", "replace")
        self._spend(None, max(VALUE_BYTES, len(escaped) + 1) - len(text))
        return text

    def _spend(self, value: Any, count: int) -> Any:
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise LimitReached("result_bytes")
        return value


def is_short(value: int) -> bool:
    """Tells whether an integer has few enough digits to cross the border as a number."""
    return abs(value) <= LARGEST_SHORT


def _in_order(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        try:
            return sorted(value)
        except TypeError:
            return list(value)
    return value


def _is_data(value: Any) -> bool:
    """Tells whether a value of a program's class shows its fields best: it has no words of its own."""
    if data_fields(type(value)) is not None:
        return True
    return not any("__repr__" in vars(kind) or "__str__" in vars(kind) for kind in type(value).__mro__[:-1])


def awaitables_in(value: Any, depth: int = 0) -> list[Future]:
    """Returns calls and tasks inside a value, which the program would have awaited had it thought of it."""
    if isinstance(value, Future):
        return [value]
    if depth < 4 and isinstance(value, list | tuple):
        return [found for each in value for found in awaitables_in(each, depth + 1)]
    if depth < 4 and isinstance(value, dict):
        return [found for each in value.values() for found in awaitables_in(each, depth + 1)]
    return []
