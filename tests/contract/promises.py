"""The manifest of what the API promises, and the mark by which a test says which promises it holds."""

import importlib
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

FOLDER = Path(__file__).parent

SOURCES = ("sdk:", "docs:", "skill:", "spec:", "choice")
"""What a promise may rest on: the official client, its documentation, what was measured, or our own decision."""

MARK = "contract_promises"

Test = TypeVar("Test", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One behaviour of the API.

    Attributes:
        id: `<method or topic>/<behaviour>`.
        says: The behaviour in one line.
        source: Where it is known from.
        refusal: Of a failure, how it is refused: a status and a code.
        divergence: Where the studio deliberately differs from production, and how.
    """

    id: str
    says: str
    source: str
    refusal: str | None = None
    divergence: str | None = None

    @property
    def topic(self) -> str:
        return self.id.partition("/")[0]


def promises(*ids: str) -> Callable[[Test], Test]:
    """Marks a test with the promises that it holds."""

    def mark(test: Test) -> Test:
        setattr(test, MARK, ids)
        return test

    return mark


def read_manifest() -> list[Promise]:
    """Returns every entry, in the order of the files."""
    found = []
    for path in sorted((FOLDER / "manifest").glob("*.toml")):
        for topic, entries in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for name, entry in entries.items():
                found.append(Promise(id=f"{topic}/{name}", **entry))
    return found


def claims() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields each test of this folder that both sides run, with the promises that it names."""
    for path in sorted(FOLDER.glob("test_*.py")):
        module: ModuleType = importlib.import_module(f"contract.{path.stem}")
        for name, member in vars(module).items():
            if name.startswith("test_") and (hasattr(member, MARK) or "side" in _arguments(member)):
                yield f"{path.stem}.{name}", getattr(member, MARK, ())


def _arguments(test: Callable[..., Any]) -> tuple[str, ...]:
    code = test.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
