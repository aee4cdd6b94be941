"""What types of the runtime have in common, and the words for an attribute that is not there."""

from collections.abc import Iterable
from types import CoroutineType, FunctionType
from typing import Any

from code_sandbox._worker.names import folded, listed


class Own:
    """A type of the runtime: its instances decide themselves what programs read from them.

    Programs cannot inherit from such types, exceptions apart, so nobody else decides for them.
    """

    __slots__ = ()
    public_names: tuple[str, ...] = ()
    """What programs may read, and what `dir()` lists."""

    def attribute(self, name: str) -> Any:
        """Returns what a program reads under a name.

        Raises:
            AttributeError: There is nothing of that name for programs.
        """
        if name in self.public_names:
            return getattr(self, name)
        raise missing(self, name, self.public_names)


def missing(value: Any, name: str, names: Iterable[str] = ()) -> AttributeError:
    """Returns the error for an attribute that is not there, with what may help.

    Args:
        value: Where it was looked for.
        name: What was looked for.
        names: What is there.
    """
    error = AttributeError(f"{described(value)} has no attribute {name!r}")
    near = [each for each in names if folded(each) == folded(name)]
    if type(value) is CoroutineType:
        error.add_note("It is not finished: write `await` before it.")
    elif value is None:
        error.add_note("The value is None: look at what returned it.")
    elif type(value) is dict and name in value:
        error.add_note(f"A dict's values are read with brackets: [{name!r}].")
    elif near:
        error.add_note(f"Did you mean {near[0]!r}?")
    elif names:
        error.add_note(f"It has: {listed(names)}.")
    return error


def described(value: Any) -> str:
    """Returns words for a value: `'list' object`, `function 'f'`, `class 'K'`."""
    if isinstance(value, type):
        return f"class {value.__name__!r}"
    if type(value) is FunctionType:
        return f"function {value.__name__!r}"
    return f"{type(value).__name__!r} object"
