"""Cursors of the list of outputs: opaque to clients, a place in the index to us."""

import base64
import binascii

from flora_mcp.outputs.errors import CursorError

_MARK = "outputs:"


def write_cursor(sequence: int) -> str:
    """Returns the cursor of the page that starts after that place."""
    return base64.urlsafe_b64encode(f"{_MARK}{sequence}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """Returns the place that a cursor stands for.

    Raises:
        CursorError: `write_cursor` did not make it.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as exc:
        raise CursorError(cursor=cursor) from exc
    number = text.removeprefix(_MARK)
    if text == number or not number.isdigit() or len(number) > 18:
        raise CursorError(cursor=cursor)
    return int(number)
