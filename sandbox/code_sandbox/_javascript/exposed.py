"""The exposure as programs in JavaScript see it: names in camelCase, signatures of their language."""

from collections.abc import Mapping
from typing import Any

from code_sandbox._worker.names import folded
from code_sandbox._worker.table import Table, table_of

HOSTS_OWN: dict[str, str | None] = {"InternalError": None, "AnswerTooLarge": None}
"""What the host itself raises. `InternalError` is also what the engine calls its own."""


class Exposed:
    """What the setup frame exposes, under the names of JavaScript."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        entries = [_entry(each) for each in setup["methods"]]
        self.table: Table = table_of(entries)
        self.own_paths = {entry["path"]: own["path"] for entry, own in zip(entries, setup["methods"], strict=True)}
        """The host's path of each method, by the path that programs see."""
        self._entries = entries
        self._errors = {**HOSTS_OWN, **setup["errors"]}

    def for_prelude(self, limits: Mapping[str, Any], *, stop_factor: int) -> dict[str, Any]:
        """Returns what the prelude is told."""
        return {
            "methods": [[each["path"], each["paged"], [each["path"], *each["aliases"]]] for each in self._entries],
            "errors": list(self._in_order()),
            "root": self.table.main_root,
            "printed": limits["printed_bytes"] * stop_factor,
            "calls": limits["calls"],
            "result": limits["result_bytes"],
        }

    def _in_order(self) -> list[list[str | None]]:
        """Returns error names with their bases, bases first."""
        ordered: dict[str, str | None] = {}

        def put(name: str) -> None:
            base = self._errors[name]
            if base is not None and base not in ordered:
                put(base)
            ordered[name] = base

        for name in self._errors:
            put(name)
        return [[name, base] for name, base in ordered.items()]


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a method's entry with the path in camelCase, if it has one, and the signature of the language."""
    path = next((alias for alias in entry["aliases"] if folded(alias) == folded(entry["path"])), entry["path"])
    others = [each for each in (entry["path"], *entry["aliases"]) if each != path]
    signature = entry.get("javascript_signature") or entry["signature"]
    return {**entry, "path": path, "aliases": others, "signature": signature}
