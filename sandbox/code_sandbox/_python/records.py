"""What JSON objects from the host become: dictionaries whose keys are attributes too."""

from typing import Any

from code_sandbox._python.allowed import ATTRIBUTES
from code_sandbox._python.own import Own
from code_sandbox._worker.names import find, listed


class Record(dict[str, Any], Own):
    """A JSON object: `record["run_id"]`, `record.run_id` and `record.runId` are the same."""

    __slots__ = ()

    def __missing__(self, key: object) -> Any:
        error = KeyError(key)
        found = find(key, self) if type(key) is str else None
        error.add_note(f"Did you mean {found!r}?" if found is not None else f"The keys are: {listed(self)}.")
        raise error

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def attribute(self, name: str) -> Any:
        """Returns a method of dictionaries, or the value under a key, in that order."""
        if name in ATTRIBUTES["dict"]:
            return getattr(self, name)
        if name in self:
            return self[name]
        found = find(name, self)
        if found is not None:
            return self[found]
        error = AttributeError(f"this record has no {name!r}")
        error.add_note(f"Its keys are: {listed(self)}.")
        raise error
