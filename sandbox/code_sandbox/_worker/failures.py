"""Why a program did not complete, as the host reads it, whatever the program's language."""

from typing import Any

TYPE_NAME_CHARACTERS = 200
TEXT_CHARACTERS = 4_000


def failure(
    type_name: str,
    message: str,
    *,
    line: int | None = None,
    hint: str | None = None,
    limit: str | None = None,
    attributes: dict[str, Any] | None = None,
    problems: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Returns the failure of a `done` frame; texts are cut to what the host takes."""
    return {
        "type_name": type_name[:TYPE_NAME_CHARACTERS],
        "message": message[:TEXT_CHARACTERS],
        "line": line,
        "hint": hint[:TEXT_CHARACTERS] if hint else None,
        "limit": limit,
        "attributes": attributes or {},
        "problems": problems or [],
    }
