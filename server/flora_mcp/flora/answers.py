"""Reads what FLORA answers: JSON, or an error that a person can read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from flora_mcp.flora.errors import APIError, FieldError, UnreadableAnswerError, class_of

SHOWN_CHARACTERS = 200
"""How much of an unexpected answer an error message shows."""

MESSAGE_CHARACTERS = 4000
"""How much of FLORA's own message is kept; one that lists the models of a workspace fits."""

TAGS = re.compile(r"(?is)<(script|style|head)\b.*?</\1\s*>|<[^>]*>")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An HTTP answer, read to its end. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str | None:
        """The content type without its parameters, or None."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower() or None

    @property
    def request_id(self) -> str | None:
        """FLORA's name for the exchange, on every answer (`docs:platform/errors`)."""
        return self.headers.get("request-id")

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", errors="replace")

    @property
    def is_json(self) -> bool:
        """As `sdk:internal/parse.ts` tells it: by the media type alone."""
        kind = self.media_type or ""
        return kind == "application/json" or kind.endswith("+json")


def body_of(answer: Answer, *, request: str) -> dict[str, JsonValue]:
    """Returns the JSON object of a successful answer.

    Raises:
        UnreadableAnswerError: it is something else; the message names what.
    """
    if not answer.content.strip():
        found = "nothing"
    elif not answer.is_json:
        found = f"{answer.media_type or 'content without a type'} ({_shown(answer)!r})"
    else:
        try:
            body = json.loads(answer.content, parse_constant=_not_json)
        except (ValueError, RecursionError):
            found = f"JSON that does not parse ({_shown(answer)!r})"
        else:
            if isinstance(body, dict):
                return body
            found = f"a JSON {type(body).__name__} ({_shown(answer)!r})"
    raise unreadable(answer, request=request, found=found)


def unreadable(answer: Answer, *, request: str, found: str) -> UnreadableAnswerError:
    """Returns the error for a success that is not the JSON object it should be."""
    tail = f" (request {answer.request_id})" if answer.request_id else ""
    return UnreadableAnswerError(
        f"{answer.status} to {request}: expected a JSON object, got {found}{tail}. "
        f"Check that the base URL is FLORA's API: a proxy or a sign-in page may have answered.",
        status=answer.status,
        request_id=answer.request_id,
    )


def error_of(answer: Answer) -> APIError:
    """Returns the error for an answer that is not a success.

    FLORA nests it: `{"error": {"code", "message", "fields"}}` (`docs:platform/errors`). Whatever else comes
    (a gateway's page, nothing) still gives a sentence, never markup or raw JSON.
    """
    code: str | None = None
    fields: tuple[FieldError, ...] = ()
    message: str | None
    if 300 <= answer.status < 400:
        message = f"a redirect to {answer.headers.get('location')!r}, which is not followed. Check the base URL."
    elif answer.is_json:
        code, message, fields = _told(answer)
    elif answer.content.strip():
        page = "an HTML page" if answer.media_type == "text/html" else answer.media_type or "text"
        message = f"{page} instead of JSON, saying {_shown(answer)!r}"
    else:
        message = "an empty answer"
    return class_of(answer.status)(
        (message or "no reason was given")[:MESSAGE_CHARACTERS],
        status=answer.status,
        code=code,
        fields=fields,
        request_id=answer.request_id,
    )


def _not_json(word: str) -> None:
    """Refuses NaN and the infinities, which the standard parser lets pass."""
    raise ValueError(f"{word} is not JSON")


def _told(answer: Answer) -> tuple[str | None, str | None, tuple[FieldError, ...]]:
    """Returns code, message and fields as far as the answer has them in a known place."""
    try:
        body: Any = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None, "JSON that does not parse", ()
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, str):
        return None, error, ()
    if not isinstance(error, dict):
        return None, None, ()
    code = error.get("code") if isinstance(error.get("code"), str) else None
    told = next((error[k] for k in ("message", "detail", "title") if isinstance(error.get(k), str)), None)
    listed = error.get("fields")
    fields = tuple(
        FieldError(
            field=str(entry.get("field", "?")),
            message=str(entry.get("message", "")),
            code=entry["code"] if isinstance(entry.get("code"), str) else None,
        )
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict)
    )
    return code, told, fields


def _shown(answer: Answer) -> str:
    text = TAGS.sub(" ", answer.text) if answer.media_type == "text/html" else answer.text
    text = " ".join(html.unescape(text).split())
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"
