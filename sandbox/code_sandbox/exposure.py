"""What a program may call, and the shapes in which calls and answers cross the border."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

JSON = None | bool | int | float | str | list["JSON"] | dict[str, "JSON"]
"""What `json` reads and writes."""

SEGMENT = re.compile(r"[a-z][A-Za-z0-9_]{0,63}")
"""One part of a path. A leading underscore would reach what a host object hides."""

ERROR_NAME = re.compile(r"[A-Z][A-Za-z0-9]{0,63}")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One argument of a method."""

    name: str
    """In snake_case; programs may also write camelCase."""
    annotation: str = ""
    required: bool = False
    positional: bool = False
    """May be given without its name, in the order of the table."""

    def __post_init__(self) -> None:
        if not SEGMENT.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no parameter name: letters, digits and _ after a small letter")


@dataclass(frozen=True, kw_only=True)
class Method:
    """One function that a program can call."""

    path: str
    """As the program writes it: `client.generations.create`. One segment is a plain function: `show`."""
    parameters: tuple[Parameter, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other whole paths that mean the same method."""
    paged: bool = False
    """The answer is a `Page`, and the program may iterate over all pages."""
    signature: str = ""
    """Shown in errors."""
    javascript_signature: str = ""
    """Shown in errors of programs in JavaScript, if it is given."""

    def __post_init__(self) -> None:
        for path in (self.path, *self.aliases):
            if not all(SEGMENT.fullmatch(segment) for segment in path.split(".")):
                raise ValueError(f"{path!r} is no path: segments of letters, digits and _, joined by dots")


@dataclass(frozen=True, kw_only=True)
class Exposure:
    """Everything a program can reach: methods, and the exceptions they raise."""

    methods: tuple[Method, ...]
    errors: Mapping[str, str | None] = field(default_factory=dict)
    """Exception name to the name of its base; None is `Exception`."""
    optional_keys: frozenset[str] = frozenset()
    """Keys that an answer may lack. Read as an attribute, a lacking one is None; another name is an error."""

    def __post_init__(self) -> None:
        paths = [path for method in self.methods for path in (method.path, *method.aliases)]
        twice = {path for path in paths if paths.count(path) > 1}
        if twice:
            raise ValueError(f"{sorted(twice)!r} occur more than once among the paths and aliases")
        for name, base in self.errors.items():
            if not ERROR_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no exception name: letters and digits after a capital")
            if base is not None and base not in self.errors:
                raise ValueError(f"the base {base!r} of {name!r} is not among the errors")


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call that a program made, checked against the exposure's table."""

    number: int
    """1 for the first call of a program."""
    path: str
    """The method's own path, whichever alias the program wrote."""
    arguments: dict[str, JSON]
    """By the names of the table. Values are what the program sent: their types are not checked."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list."""

    items: list[JSON]
    body: dict[str, JSON]
    """The whole answer, items included; its keys become attributes of the page."""
    next_arguments: dict[str, JSON] | None
    """Replace those of the call for the next page; None after the last."""


Answer = Callable[[Call], Awaitable[JSON | Page]]
"""Answers calls. `CallFailed` reaches the program; any other exception reaches it without its text.

Open answers are cancelled when the program ends, and `Sandbox.run` waits for them: one that must outlive the program
shields itself.
"""
