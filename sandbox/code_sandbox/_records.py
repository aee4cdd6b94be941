"""The objects that answers become: dictionaries whose keys are attributes too, and pages."""

from collections.abc import Iterable
from typing import Any

DICT_METHODS = frozenset(name for name in dir(dict) if not name.startswith("_"))


def folded(name: str) -> str:
    """Returns what snake_case and camelCase spellings of a name have in common."""
    return name.replace("_", "").lower()


def find(name: str, names: Iterable[object]) -> str | None:
    """Returns the name that is meant, in another spelling."""
    wanted = folded(name)
    return next((each for each in names if type(each) is str and folded(each) == wanted), None)


class Record(dict[str, Any]):
    """A JSON object: `record["run_id"]`, `record.run_id` and `record.runId` are the same."""

    __slots__ = ()

    def __missing__(self, key: object) -> Any:
        error = KeyError(key)
        found = find(key, self) if type(key) is str else None
        if found is not None:
            error.add_note(f"Did you mean {found!r}?")
        else:
            error.add_note(f"The keys are: {listed(self)}.")
        raise error

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        del self[name]

    def attribute(self, name: str) -> Any:
        """Returns a method of dictionaries, or the value under a key, in that order."""
        if name in DICT_METHODS:
            return getattr(self, name)
        if name in self:
            return self[name]
        found = find(name, self)
        if found is not None:
            return self[found]
        error = AttributeError(f"this record has no {name!r}")
        error.add_note(f"Its keys are: {listed(self)}.")
        raise error


def listed(names: Iterable[object]) -> str:
    """Returns names for a message, the first thirty of them."""
    texts = [str(name)[:80] for name in names]
    more = f" and {len(texts) - 30} more" if len(texts) > 30 else ""
    return (", ".join(texts[:30]) or "none") + more
