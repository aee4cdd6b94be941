"""The tree of injected objects, and how a call's arguments are read."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from code_sandbox._python.calls import Call, Caller, Page
from code_sandbox._python.own import Own, described
from code_sandbox._python.render import is_short
from code_sandbox._worker.table import Method, Table, complaints, parameter, room

MAX_DEPTH = 48


class Node(Own):
    """A part of a path: `client`, `client.projects`, or a method that can be called."""

    __slots__ = ("_caller", "_children", "_method", "_table", "path", "public_names")

    def __init__(self, path: str, *, caller: Caller, table: Table) -> None:
        self.path = path
        self.public_names = table.names(path)
        self._caller = caller
        self._table = table
        self._method = table.method(path)
        self._children: dict[str, Node] = {}

    def __repr__(self) -> str:
        if self._method is not None:
            return f"<method {self.path}>"
        return f"<{self.path}: {', '.join(self.public_names)}>"

    def child(self, name: str, rest: tuple[str, ...]) -> "Node":
        """Returns what a name leads to.

        Args:
            name: As the program wrote it, in either spelling.
            rest: The names that follow in the program, for a better error.

        Raises:
            AttributeError: There is nothing of that name; suggests the nearest method.
        """
        path = self._table.step(self.path, name)
        if path is None:
            # In the message, not in a note: programs print what they catch.
            raise AttributeError(self._table.unknown(self.path, name, rest).text())
        if path not in self._children:
            self._children[path] = Node(path, caller=self._caller, table=self._table)
        return self._children[path]

    def attribute(self, name: str) -> "Node":
        """Returns what a name leads to."""
        return self.child(name, ())

    def __call__(self, *values: Any, **named: Any) -> Call:
        if self._method is None:
            raise TypeError(self._table.not_callable(self.path).text())
        return self._caller.call(self._method, bind(self._method, values, named))


def grow(table: Table, *, caller: Caller) -> dict[str, Node]:
    """Returns the roots by name: objects, and functions for paths of one segment."""
    return {name: Node(name, caller=caller, table=table) for name in table.roots}


def bind(method: Method, values: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the arguments by the names of the table, ready to be sent.

    Accepts keywords, one dict, and positional values for the parameters that allow it, followed by either; names in
    snake_case or camelCase.

    Raises:
        TypeError: A name is unknown, given twice or missing, or a value is not JSON.
    """
    options, values = _split_options(method, values)
    wrong = complaints(method, positional=len(values), names=[*options, *named])
    if wrong:
        raise TypeError(wrong[0].text())
    arguments = dict(zip((each.name for each in method.parameters if each.positional), values, strict=False))
    for given in (options, named):
        arguments |= {str(parameter(method, name)): value for name, value in given.items()}
    return {name: as_json(value, where=f"{name} of {method.path}") for name, value in arguments.items()}


def _split_options(method: Method, values: tuple[Any, ...]) -> tuple[Mapping[str, Any], tuple[Any, ...]]:
    """Takes a dict of arguments off the end, unless it is itself the value of a positional parameter."""
    if not values or not isinstance(values[-1], dict):
        return {}, values
    last = values[-1]
    if len(values) > room(method) or all(parameter(method, key) for key in last):
        return last, values[:-1]
    return {}, values


def as_json(value: Any, *, where: str, depth: int = 0) -> Any:
    """Returns an argument's value as JSON.

    Raises:
        TypeError: It is, or holds, something that is not JSON.
    """
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int and is_short(value):
        return value
    if kind is float and math.isfinite(value):
        return value
    if depth > MAX_DEPTH:
        raise TypeError(f"{where} is nested too deeply")
    if isinstance(value, dict):
        return {str(key): as_json(each, where=where, depth=depth + 1) for key, each in value.items()}
    if isinstance(value, list | tuple | Page):
        return [as_json(each, where=where, depth=depth + 1) for each in value]
    if isinstance(value, set | frozenset):
        return [as_json(each, where=where, depth=depth + 1) for each in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Call):
        raise TypeError(f"{where} is a call that was not awaited: write `await` before it")
    if isinstance(value, int | float):
        raise TypeError(f"{where} must be a finite number of at most 40 digits")
    raise TypeError(f"{where} must be text, a number, a list or a dict, not {described(value)}")
