"""What is wrong with a technique, and how it is said."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from flora_mcp.studio.errors import UnusableTechniqueError


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: The place in the file, with ids for numbers, such as `steps.hero.params.seed`.
        message: What stands there and what is accepted.
    """

    where: str
    message: str


def refuse(problems: Iterable[Problem], *, source: str) -> None:
    """Passes when there are no problems.

    Raises:
        UnusableTechniqueError: There are; it tells all of them.
    """
    lines = [f"{each.where}: {each.message}" for each in problems]
    if lines:
        raise UnusableTechniqueError(f"{source} is no technique that can be run. " + " ".join(lines), problems=lines)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Returns what was perhaps meant and what there is, as the end of a sentence."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    there = ", ".join(names) if names else "none"
    return f"did you mean {near[0]!r}? There is {there}." if near else f"there is {there}."


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
