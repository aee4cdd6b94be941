"""The classes that a program defines, and how the guards know them."""

from typing import Any

from code_sandbox._python.allowed import METHOD_DUNDERS
from code_sandbox._python.own import described

ANNOTATED = "__annotated__"
"""Where a class keeps its annotated names: no program can read or write an attribute with two underscores."""
DATA_FIELDS = "__data_fields__"
"""Where a dataclass keeps its fields and their defaults."""

OF_THE_COMPILER = frozenset(
    {"__classcell__", "__doc__", "__firstlineno__", "__module__", "__qualname__", "__static_attributes__"}
)
"""What the compiler puts into the body of a class by itself."""


class ProgramType(type):
    """The type of all classes that a program defines."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **keywords: Any) -> "ProgramType":
        for base in bases:
            if type(base) is not ProgramType and base is not object and not is_exception(base):
                kind = described(base)
                raise TypeError(f"a class can inherit from your own classes and from exceptions, not from {kind}")
        # The policy has seen to it for `class`. Whatever else may come to call this is held to the same.
        for key in namespace:
            if key.startswith("__") and key not in METHOD_DUNDERS and key not in OF_THE_COMPILER:
                raise TypeError(f"a class cannot define {key!r}")
        namespace.pop("__qualname__", None)
        return super().__new__(cls, name, bases, {**namespace, "__module__": "program", "__doc__": None})


def is_exception(value: Any) -> bool:
    """Tells whether a value is a class of exceptions that programs may catch."""
    return isinstance(value, type) and issubclass(value, Exception)


def data_fields(kind: type) -> dict[str, Any] | None:
    """Returns the fields of a dataclass with their defaults, or None for other classes."""
    return vars(kind).get(DATA_FIELDS) if type(kind) is ProgramType else None


def owner_of(kind: type, name: str) -> type | None:
    """Returns the class that the interpreter reads a name from: of all above a class, the first that has it.

    Any other that has it says nothing: a program's own class may stand behind `BaseException`, which has it too.
    """
    return next((each for each in kind.__mro__ if name in vars(each)), None)


def is_programs(value: Any, name: str) -> bool:
    """Tells whether the program itself put the name into an instance of its own class, or into the class."""
    if name.startswith("__"):
        return False
    owner = owner_of(type(value), name)
    return type(owner) is ProgramType or (owner is None and name in vars(value))
