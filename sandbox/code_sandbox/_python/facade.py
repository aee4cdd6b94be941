"""What programs see of modules, and of classes that are closed to them."""

from collections.abc import Mapping
from typing import Any

from code_sandbox._python.own import Own


class Facade(Own):
    """What a program sees of a module: the listed members, and no module behind them."""

    __slots__ = ("_members", "_name", "public_names")

    def __init__(self, name: str, members: Mapping[str, Any]) -> None:
        self._name = name
        self._members = dict(members)
        self.public_names = tuple(sorted(members))

    def __repr__(self) -> str:
        return f"<module {self._name!r}>"

    def __getattr__(self, name: str) -> Any:
        # `from json import loads` reads the member without asking the guard.
        return self.attribute(name)

    def attribute(self, name: str) -> Any:
        """Returns a member."""
        if name in self._members:
            return self._members[name]
        error = AttributeError(f"module {self._name!r} has no {name!r} here")
        error.add_note(f"It has: {', '.join(self.public_names)}.")
        raise error


class OpaqueType(Own):
    """What `type(x)` gives for values whose class is closed: a name to print and compare."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"<class {self.name!r}>"

    def attribute(self, name: str) -> Any:
        """Returns the name."""
        return self.name if name == "__name__" else super().attribute(name)
