"""One request to FLORA as data, before any transport sees it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from flora_mcp.flora.creations import Creation
from flora_mcp.flora.errors import InvalidArgumentError
from flora_mcp.flora.forms import Form


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request relative to the base URL; path and query are percent-encoded."""

    verb: str
    path: str
    query: str = ""
    content: bytes | Form | None = None
    """JSON, a form, or None for a request without a body."""
    headers: Mapping[str, str] = field(default_factory=dict)
    creation: Creation | None = None

    @property
    def name(self) -> str:
        """The request in an error message."""
        return f"{self.verb} {self.path}"


def path_of(template: str, values: Mapping[str, object]) -> str:
    """Returns the template with each `{name}` replaced by its value, encoded as one path segment.

    Raises:
        InvalidArgumentError: a value would change the path's shape (empty, `.` or `..`) or cannot be encoded.
    """
    segments = []
    for segment in template.split("/"):
        if not segment.startswith("{"):
            segments.append(segment)
            continue
        name = segment[1:-1]
        value = values[name]
        if not isinstance(value, str) or value in {"", ".", ".."}:
            raise InvalidArgumentError(
                f"{name}={value!r} cannot stand in a path: accepted is an id, a non-empty text other than "
                f"'.' and '..'. Pass the id as FLORA gave it.",
                argument=name,
            )
        segments.append(_encoded(name, value))
    return "/".join(segments)


def query_of(values: Mapping[str, object]) -> str:
    """Returns an encoded query string (space is `%20`); None is left out (`sdk:internal/utils/query.ts`).

    Raises:
        InvalidArgumentError: a text cannot be encoded.
    """
    words = {True: "true", False: "false"}
    pairs = []
    for name, value in values.items():
        if value is None:
            continue
        text = words[value] if isinstance(value, bool) else str(value)
        pairs.append(f"{name}={_encoded(name, text)}")
    return "&".join(pairs)


def content_of(values: Mapping[str, object]) -> bytes:
    """Returns a JSON body; None at the top level is left out.

    Raises:
        InvalidArgumentError: a value cannot be written as JSON.
    """
    kept = {name: value for name, value in values.items() if value is not None}
    for name, value in kept.items():
        try:
            json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
        except (TypeError, ValueError, RecursionError) as exc:
            raise InvalidArgumentError(
                f"{name} cannot be written as JSON ({exc}): accepted are text, finite numbers, true, false, "
                f"None, lists and dicts with text keys. Convert the value first.",
                argument=name,
            ) from exc
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()


def _encoded(name: str, value: str) -> str:
    try:
        return quote(value, safe="")
    except UnicodeEncodeError as exc:
        raise InvalidArgumentError(
            f"{name}={value!r} is no valid Unicode text. Take the half characters out of it.", argument=name
        ) from exc
