"""Reads what the server's tools answer: text that is written for a model."""

import json
import re
from dataclasses import dataclass
from typing import Any

from mcp_types import CallToolResult, TextContent

RETURNED = "Returned: "
SUMMARY = "Runs: "

_UNFINISHED = re.compile(r"\bwait (?:again )?with ids \[([^\]]*)\]")
_ID = re.compile(r"(?:run|exe)_[\w-]+")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The text of one tool result."""

    text: str
    is_error: bool

    @classmethod
    def of(cls, result: CallToolResult) -> "Answer":
        texts = [block.text for block in result.content if isinstance(block, TextContent)]
        return cls(text="\n".join(texts), is_error=bool(result.is_error))

    @property
    def unfinished(self) -> list[str]:
        """What `wait` is to be called with; empty when all is done."""
        found = _UNFINISHED.search(self.text)
        return _ID.findall(found[1]) if found is not None else []

    @property
    def value(self) -> Any:
        """What the program returned; None if it returned nothing."""
        line = self._line(RETURNED)
        return json.loads(line.removeprefix(RETURNED)) if line else None

    @property
    def summary(self) -> str:
        """The line that tells how many runs there were, and what they cost."""
        return self._line(SUMMARY)

    @property
    def error(self) -> str:
        """What went wrong, in a line: what the server says, and the error behind it."""
        return " ".join(line.strip() for line in self.text.splitlines()[:2])

    def _line(self, start: str) -> str:
        return next((line for line in self.text.splitlines() if line.startswith(start)), "")
