"""The classes that a program defines, and what is known of them."""

from typing import Any


class ProgramType(type):
    """The type of all classes that a program defines, by which the guards know them."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **keywords: Any) -> "ProgramType":
        for base in bases:
            if type(base) is not ProgramType and base is not object and not _is_exception(base):
                kind = base.__name__ if isinstance(base, type) else type(base).__name__
                raise TypeError(f"a class can inherit from your own classes and from exceptions, not from {kind!r}")
        namespace.pop("__qualname__", None)
        return super().__new__(cls, name, bases, {**namespace, "__module__": "program", "__doc__": None})


FIELDS: dict[type, tuple[str, ...]] = {}
"""Classes to their annotated names. One process runs one program, which ends with it, so these never pile up."""

DATACLASSES: dict[type, dict[str, Any]] = {}
"""Dataclasses to their fields and the defaults of these."""


def _is_exception(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Exception)
