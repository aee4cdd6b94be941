"""The methods that a program may call: how a path is followed, what is meant by a wrong one, which arguments fit.

Knows no language: what a program reads at run time and what a check finds before it use the same words.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from code_sandbox._worker.names import find, folded, listed

PATH_LIKENESS = 0.75
NAME_LIKENESS = 0.6
COMPARED_CHARACTERS = 200
"""Comparing takes quadratic time, and the names are the program's."""


class Parameter(NamedTuple):
    """One argument of a method."""

    name: str
    required: bool
    positional: bool


class Method(NamedTuple):
    """What the worker knows of a method."""

    path: str
    parameters: tuple[Parameter, ...]
    paged: bool
    signature: str


class Complaint(NamedTuple):
    """What is wrong with a path or with the arguments of a call."""

    message: str
    hint: str | None = None
    """What to write instead, or what there is."""
    signature: str | None = None
    argument: object = None
    """Name of the argument that is to blame."""

    def text(self) -> str:
        """Returns all in one sentence after the other, as an exception has it."""
        parts = [part for part in (self.message, self.hint, self.signature) if part]
        ended = [part if part[-1] in ".?" else f"{part}." for part in parts[:-1]]
        return " ".join([*ended, parts[-1]])


class Table:
    """All methods, by every path that leads to them."""

    def __init__(self, methods: Mapping[str, Method]) -> None:
        """Takes the methods by path, those of aliases included."""
        self._methods = dict(methods)
        self._children: dict[str, dict[str, str]] = {}
        for path in methods:
            segments = path.split(".")
            for end in range(1, len(segments)):
                above = ".".join(segments[:end])
                self._children.setdefault(above, {})[segments[end]] = f"{above}.{segments[end]}"
        self.roots = tuple(dict.fromkeys(path.split(".")[0] for path in methods))
        """Names of the injected objects and functions."""
        self.main_root = next((root for root in self.roots if root in self._children), None)
        """What a program's entry function gets as its first argument, whatever it calls it."""

    def method(self, path: str) -> Method | None:
        """Returns the method at a path."""
        return self._methods.get(path)

    def names(self, path: str) -> tuple[str, ...]:
        """Returns what follows after a path."""
        return tuple(self._children.get(path, ()))

    def step(self, path: str, name: str) -> str | None:
        """Returns the path that a name leads to from a path, in either spelling."""
        children = self._children.get(path, {})
        known = name if name in children else find(name, children)
        return None if known is None else children[known]

    def unknown(self, path: str, name: str, rest: Iterable[str] = ()) -> Complaint:
        """Returns what is wrong with a name that leads nowhere.

        Args:
            path: Up to where all is right.
            name: What was not found there.
            rest: The names that follow in the program.
        """
        message = f"{path} has no {name[:COMPARED_CHARACTERS]!r}"
        if path in self._methods:
            return Complaint(message, f"{path} is a method: call it and await the call", self._signature(path))
        meant = self._nearest(".".join((path, name, *rest)))
        if meant is None:
            return Complaint(message, f"It has: {listed(self.names(path))}")
        return Complaint(message, f"Did you mean {meant.path}?", meant.signature or None)

    def not_callable(self, path: str) -> Complaint:
        """Returns what is wrong with calling what is no method."""
        return Complaint(f"{path} cannot be called", f"It has: {listed(self.names(path))}")

    def _signature(self, path: str) -> str | None:
        return self._methods[path].signature or None

    def _nearest(self, wanted: str) -> Method | None:
        wanted = folded(wanted[-COMPARED_CHARACTERS:])
        own = {method.path: method for method in self._methods.values()}
        known = {folded(path): method for path, method in own.items()}
        close = difflib.get_close_matches(wanted, known, n=1, cutoff=PATH_LIKENESS)
        if close:
            return known[close[0]]
        # Only the last name is right: `client.create_project` or `client.image.generations.create`.
        last = wanted.rsplit(".", 1)[-1]
        same = [method for path, method in own.items() if folded(path.rsplit(".", 1)[-1]) == last]
        return same[0] if len(same) == 1 else None


def table_of(entries: Iterable[Mapping[str, Any]]) -> Table:
    """Returns the table from the entries of the setup frame."""
    methods: dict[str, Method] = {}
    aliases: dict[str, Method] = {}
    for entry in entries:
        parameters = tuple(
            Parameter(name=each["name"], required=each["required"], positional=each["positional"])
            for each in entry["parameters"]
        )
        method = Method(entry["path"], parameters, paged=entry["paged"], signature=entry["signature"])
        methods[method.path] = method
        aliases |= dict.fromkeys(entry["aliases"], method)
    return Table(methods | aliases)


def parameter(method: Method, name: object) -> str | None:
    """Returns the name in the table for an argument's name in either spelling."""
    names = [each.name for each in method.parameters]
    if type(name) is not str:
        return None
    return name if name in names else find(name, names)


def room(method: Method) -> int:
    """Returns how many arguments may be given without a name."""
    return sum(each.positional for each in method.parameters)


def complaints(
    method: Method, *, positional: int, names: Sequence[object], is_complete: bool = True
) -> list[Complaint]:
    """Returns what is wrong with the arguments of a call.

    Args:
        method: What is called.
        positional: How many are given without a name.
        names: Of the others.
        is_complete: There are no more than these; otherwise none can be missed.
    """
    found: list[Complaint] = []
    unnamed = [each.name for each in method.parameters if each.positional]
    if positional > len(unnamed):
        takes = f"only {', '.join(unnamed)} without a name" if unnamed else "only named arguments"
        found.append(_complaint(method, f"{method.path} takes {takes}; {positional} were given"))
    given = set(unnamed[:positional])
    for name in names:
        known = parameter(method, name)
        if known is None:
            meant = _meant(method, name)
            found.append(_unknown_argument(method, name, meant))
            given.add(meant or "")
        elif known in given:
            found.append(_complaint(method, f"{method.path} got {known!r} twice", argument=name))
        else:
            given.add(known)
    missing = [each.name for each in method.parameters if each.required and each.name not in given]
    if missing and is_complete:
        found.append(_complaint(method, f"{method.path} needs {', '.join(map(repr, missing))}"))
    return found


def _meant(method: Method, name: object) -> str | None:
    if type(name) is not str:
        return None
    names = {folded(each.name): each.name for each in method.parameters}
    close = difflib.get_close_matches(folded(name[:COMPARED_CHARACTERS]), names, n=1, cutoff=NAME_LIKENESS)
    return names[close[0]] if close else None


def _unknown_argument(method: Method, name: object, meant: str | None) -> Complaint:
    if type(name) is not str:
        return _complaint(method, f"{method.path} got an argument that is not named by a string: {name!r}")
    hint = f"Did you mean {meant!r}?" if meant else f"It takes: {listed(each.name for each in method.parameters)}"
    message = f"{method.path} has no argument {name[:COMPARED_CHARACTERS]!r}"
    return _complaint(method, message, hint=hint, argument=name)


def _complaint(method: Method, message: str, *, hint: str | None = None, argument: object = None) -> Complaint:
    return Complaint(message, hint, method.signature or None, argument)
