"""The tree of injected objects, and how a call's arguments are read."""

import difflib
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from code_sandbox._python.calls import Call, Caller, Method, Page, Parameter
from code_sandbox._python.names import find, folded, listed
from code_sandbox._python.own import Own, described
from code_sandbox._python.render import is_short

MAX_DEPTH = 48


class Node(Own):
    """A part of a path: `client`, `client.projects`, or a method that can be called."""

    __slots__ = ("_caller", "_children", "_method", "_paths", "path", "public_names")

    def __init__(self, path: str, *, caller: Caller, paths: dict[str, Method]) -> None:
        self.path = path
        self._caller = caller
        self._paths = paths
        self._children: dict[str, Node] = {}
        self._method: Method | None = None
        self.public_names: tuple[str, ...] = ()

    def __repr__(self) -> str:
        if self._method is not None:
            return f"<method {self.path}>"
        return f"<{self.path}: {', '.join(self.public_names)}>"

    def add(self, segments: list[str], method: Method) -> None:
        """Puts a method at the end of a path that starts here."""
        if not segments:
            self._method = method
            return
        path = f"{self.path}.{segments[0]}"
        child = self._children.get(segments[0])
        if child is None:
            child = self._children[segments[0]] = Node(path, caller=self._caller, paths=self._paths)
        child.add(segments[1:], method)
        self.public_names = tuple(self._children)

    def child(self, name: str, rest: tuple[str, ...]) -> "Node":
        """Returns what a name leads to.

        Args:
            name: As the program wrote it, in either spelling.
            rest: The names that follow in the program, for a better error.

        Raises:
            AttributeError: There is nothing of that name; suggests the nearest method.
        """
        node = self._children.get(name)
        if node is None:
            found = find(name, self._children)
            node = self._children[found] if found is not None else None
        if node is None:
            raise self._unknown(".".join((self.path, name, *rest)), name)
        return node

    def attribute(self, name: str) -> "Node":
        """Returns what a name leads to."""
        return self.child(name, ())

    def _unknown(self, wanted: str, name: str) -> AttributeError:
        # In the message, not in a note: programs print what they catch.
        text = f"{self.path} has no {name!r}"
        method = self._nearest(wanted)
        if self._method is not None:
            return AttributeError(f"{text}: {self.path} is a method, call it and await the call")
        if method is not None:
            return AttributeError(f"{text}. Did you mean {method.path}? {method.signature}".rstrip())
        return AttributeError(f"{text}. It has: {listed(self._children)}")

    def _nearest(self, wanted: str) -> Method | None:
        known = {folded(path): method for path, method in self._paths.items()}
        close = difflib.get_close_matches(folded(wanted), known, n=1, cutoff=0.75)
        if close:
            return known[close[0]]
        # Only the last name is right: `client.create_project` or `client.image.generations.create`.
        last = folded(wanted.rsplit(".", 1)[-1])
        same = {method.path: method for path, method in self._paths.items() if folded(path.rsplit(".", 1)[-1]) == last}
        return next(iter(same.values())) if len(same) == 1 else None

    def __call__(self, *values: Any, **named: Any) -> Call:
        if self._method is None:
            raise TypeError(f"{self.path} cannot be called. It has: {listed(self._children)}")
        return self._caller.call(self._method, bind(self._method, values, named))


def grow(methods: list[Method], aliases: dict[str, Method], *, caller: Caller) -> dict[str, Node]:
    """Returns the roots by name: objects, and functions for paths of one segment.

    Args:
        methods: All methods.
        aliases: Other paths of some of them.
        caller: Sends the calls.
    """
    paths = {method.path: method for method in methods}
    roots: dict[str, Node] = {}
    for path, method in (*paths.items(), *aliases.items()):
        first, *segments = path.split(".")
        if first not in roots:
            roots[first] = Node(first, caller=caller, paths=paths)
        roots[first].add(segments, method)
    return roots


def bind(method: Method, values: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the arguments by the names of the table, ready to be sent.

    Accepts keywords, one dict, and positional values for the parameters that allow it, followed by either; names in
    snake_case or camelCase.

    Raises:
        TypeError: A name is unknown, given twice or missing, or a value is not JSON.
    """
    arguments: dict[str, Any] = {}
    options, values = _split_options(method, values)
    positional = [each.name for each in method.parameters if each.positional]
    if len(values) > len(positional):
        raise _complaint(method, _too_many(method, len(values), positional))
    arguments.update(zip(positional, values, strict=False))
    for given in (options, named):
        for name, value in given.items():
            known = _parameter(method, name)
            if known in arguments:
                raise _complaint(method, f"{method.path} got {known!r} twice")
            arguments[known] = value
    lacking = [each.name for each in method.parameters if each.required and each.name not in arguments]
    if lacking:
        raise _complaint(method, f"{method.path} needs {', '.join(map(repr, lacking))}")
    return {name: as_json(value, where=f"{name} of {method.path}") for name, value in arguments.items()}


def _split_options(method: Method, values: tuple[Any, ...]) -> tuple[Mapping[str, Any], tuple[Any, ...]]:
    """Takes a dict of arguments off the end, unless it is itself the value of a positional parameter."""
    if not values or not isinstance(values[-1], dict):
        return {}, values
    last = values[-1]
    room = sum(each.positional for each in method.parameters)
    names = [each.name for each in method.parameters]
    if len(values) > room or all(type(key) is str and find(key, names) for key in last):
        return last, values[:-1]
    return {}, values


def _parameter(method: Method, name: object) -> str:
    names = [each.name for each in method.parameters]
    if type(name) is not str:
        raise _complaint(method, f"{method.path} got an argument that is not named by a string: {name!r}")
    found = name if name in names else find(name, names)
    if found is not None:
        return found
    close = difflib.get_close_matches(folded(name), {folded(each): each for each in names}, n=1, cutoff=0.6)
    meant = next((each for each in names if close and folded(each) == close[0]), None)
    question = f" (did you mean {meant!r}?)" if meant else f" (it takes: {listed(names)})"
    raise _complaint(method, f"{method.path} has no argument {name!r}{question}")


def _too_many(method: Method, count: int, positional: list[str]) -> str:
    takes = f"only {', '.join(positional)} without a name" if positional else "only named arguments"
    return f"{method.path} takes {takes}; {count} were given"


def _complaint(method: Method, text: str) -> TypeError:
    return TypeError(f"{text}. Signature: {method.signature}" if method.signature else text)


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


def method_of(entry: dict[str, Any]) -> Method:
    """Returns a method from its entry in the start frame."""
    parameters = tuple(
        Parameter(name=each["name"], required=each["required"], positional=each["positional"])
        for each in entry["parameters"]
    )
    return Method(path=entry["path"], parameters=parameters, paged=entry["paged"], signature=entry["signature"])
