"""The classes that a program defines, and how the guards know them."""

from typing import Any

from code_sandbox._python.own import described

ANNOTATED = "__annotated__"
"""Where a class keeps its annotated names: no program can read or write an attribute with two underscores."""
DATA_FIELDS = "__data_fields__"
"""Where a dataclass keeps its fields and their defaults."""


class ProgramType(type):
    """The type of all classes that a program defines."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **keywords: Any) -> "ProgramType":
        for base in bases:
            if type(base) is not ProgramType and base is not object and not is_exception(base):
                kind = described(base)
                raise TypeError(f"a class can inherit from your own classes and from exceptions, not from {kind}")
        namespace.pop("__qualname__", None)
        return super().__new__(cls, name, bases, {**namespace, "__module__": "program", "__doc__": None})


def is_exception(value: Any) -> bool:
    """Tells whether a value is a class of exceptions that programs may catch."""
    return isinstance(value, type) and issubclass(value, Exception)


def data_fields(kind: type) -> dict[str, Any] | None:
    """Returns the fields of a dataclass with their defaults, or None for other classes."""
    return vars(kind).get(DATA_FIELDS) if type(kind) is ProgramType else None


def in_program_classes(kind: type, name: str) -> bool:
    """Tells whether a program put a name into a class of its own, or into one above it."""
    return any(type(each) is ProgramType and name in vars(each) for each in kind.__mro__)
