"""The exception classes that the host declared, and the exceptions that its answers become."""

from collections.abc import Mapping
from typing import Any

from code_sandbox._python.objects import as_json
from code_sandbox._python.own import Own
from code_sandbox._worker.names import find, listed

USUAL = ("status", "code", "request_id")
"""Read as None where the host sent no such attribute: programs ask for them first."""


HOSTS_OWN = {"InternalError": None, "AnswerTooLarge": None}
"""What the host itself raises, so that programs can catch it by name."""


class CallError(Exception, Own):
    """The base of exceptions that come from the host."""

    def __init__(self, message: str = "", attributes: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.attributes = dict(attributes or {})

    def attribute(self, name: str) -> Any:
        """Returns what the host said, in either spelling."""
        if name == "args":
            return self.args
        if name == "message":
            return str(self)
        for names in (self.attributes, USUAL):
            found = name if name in names else find(name, names)
            if found is not None:
                return self.attributes.get(found)
        error = AttributeError(f"this {type(self).__name__} has no {name!r}")
        error.add_note(f"It has: {listed(['message', *self.attributes])}.")
        raise error


class Errors:
    """The exception classes of one program."""

    def __init__(self, declared: Mapping[str, str | None]) -> None:
        """Takes names with the names of their bases."""
        self.classes: dict[str, type[CallError]] = {}
        known = {**HOSTS_OWN, **declared}
        for name in known:
            self._declare(name, known)

    def _declare(self, name: str, declared: Mapping[str, str | None]) -> type[CallError]:
        if name not in self.classes:
            base = declared.get(name)
            parent = CallError if base is None else self._declare(base, declared)
            self.classes[name] = type(name, (parent,), {"__module__": "program"})
        return self.classes[name]

    def make(self, error: dict[str, Any]) -> Exception:
        """Returns the exception for an error from the host."""
        kind = self.classes.get(error["type_name"])
        if kind is None:
            kind = type(str(error["type_name"]), (CallError,), {"__module__": "program"})
        return kind(error["message"], error["attributes"])

    def attributes_of(self, error: BaseException) -> dict[str, Any]:
        """Returns what the host said about an error; nothing for other errors, or if it is not JSON any more."""
        # A program's own class of errors may have no attributes, and what a program put there may be anything.
        attributes = vars(error).get("attributes") if isinstance(error, CallError) else None
        if type(attributes) is not dict:
            return {}
        try:
            plain: dict[str, Any] = as_json(attributes, where="attributes")
        except Exception:
            # The border between a program and its worker: the report goes on without them.
            return {}
        return plain
