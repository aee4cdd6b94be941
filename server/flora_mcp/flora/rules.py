"""Which methods may be called: what a user allows and blocks, by name, for programs and tools alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Self

from flora_mcp.flora.methods import METHODS, MethodEntry
from flora_mcp.flora.signatures import snake

ALLOW = "FLORA_ALLOW_METHODS"
BLOCK = "FLORA_BLOCK_METHODS"
READ_ONLY = "FLORA_READ_ONLY"
"""The variables that a refusal names."""


class RulesError(ValueError):
    """A rule names no method; the message says which, and what was perhaps meant."""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Says of each method whether it may be called; without rules, every one may."""

    refusals: Mapping[str, str] = field(default_factory=dict)
    """The variable that forbids a method, by the method's path."""

    @classmethod
    def of(cls, *, allow: Sequence[str] = (), block: Sequence[str] = (), read_only: bool = False) -> Self:
        """Makes rules of what the settings say. A method that is blocked stays so although it is allowed.

        Args:
            allow: Paths such as `generations.create` or `workspaces.*`, in either spelling, with or without `client.`
                in front; when there are any, every other method is forbidden.
            block: Paths of the same form. What does the same as a blocked method is blocked with it.
            read_only: Forbids what changes anything at FLORA or can be billed.

        Raises:
            RulesError: a path fits no method.
        """
        allowed, blocked = _fitting(allow, ALLOW), _with_twins(_fitting(block, BLOCK))
        refusals: dict[str, str] = {}
        for entry in METHODS:
            if read_only and (entry.writes or entry.paid):
                refusals[entry.path] = READ_ONLY
            elif entry.path in blocked:
                refusals[entry.path] = BLOCK
            elif allow and entry.path not in allowed:
                refusals[entry.path] = ALLOW
        return cls(refusals=refusals)

    def permits(self, entry: MethodEntry) -> bool:
        return entry.path not in self.refusals

    def refusal(self, path: str) -> str | None:
        """Returns why a method may not be called, for whoever called it; None when it may."""
        setting = self.refusals.get(path)
        if setting is None:
            return None
        reasons = {
            READ_ONLY: f"{READ_ONLY} is set: nothing may be changed or paid for here",
            BLOCK: f"{BLOCK} forbids it",
            ALLOW: f"{ALLOW} does not name it",
        }
        return (
            f"client.{path} may not be called: {reasons[setting]}. Nothing was sent. Only the user can change that, "
            f"in the settings of the server; do without it, or ask."
        )


def _fitting(patterns: Iterable[str], variable: str) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        bare = pattern.strip().removeprefix("client.")
        fitting = {e.path for e in METHODS if fnmatchcase(e.path, bare) or fnmatchcase(e.camel_path, bare)}
        if not fitting:
            near = get_close_matches(snake(bare), [entry.path for entry in METHODS], n=3, cutoff=0.5)
            guess = f" Did you mean {' or '.join(near)}?" if near else ""
            raise RulesError(
                f"{variable} names {pattern!r}, but no method is called so.{guess} Write paths such as "
                f"generations.create or workspaces.*, with commas between them."
            )
        found |= fitting
    return found


def _with_twins(paths: set[str]) -> set[str]:
    """Returns the methods and those that do the same under another name."""
    pairs = [(entry.path, other) for entry in METHODS for other in (entry.twin,) if other is not None]
    return paths | {a for a, b in pairs if b in paths} | {b for a, b in pairs if a in paths}
