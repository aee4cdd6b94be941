"""Cursors of the list of resources: opaque to clients, a family and a place in it to us."""

import base64
import binascii
import json

from flora_mcp.resources.errors import CursorError

LONGEST = 2000


def write_cursor(family: str, place: str | None) -> str:
    """Returns the cursor of the page that begins at a place of a family."""
    return base64.urlsafe_b64encode(json.dumps([family, place]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, str | None]:
    """Returns the family and the place that a cursor stands for.

    Raises:
        CursorError: `write_cursor` did not make it.
    """
    try:
        if len(cursor) > LONGEST:
            raise ValueError("too long")
        padded = cursor + "=" * (-len(cursor) % 4)
        match json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)):
            case [str(family), str() | None as place]:
                return family, place
    except (binascii.Error, ValueError, RecursionError) as exc:
        raise CursorError(cursor=cursor) from exc
    raise CursorError(cursor=cursor)
