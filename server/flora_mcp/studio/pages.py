"""Cursors and pages of the list endpoints: newest first, stable while rows are added."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from flora_mcp.studio.errors import invalid

DEFAULT_LIMIT = 20
"""Rows of a page when the caller names no limit (skill: hosted tools default to 20)."""

MOST = 100
"""The largest page (docs: 1..100)."""

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which page is asked for: at most `limit` rows after the row that `after` describes."""

    listing: str
    limit: int = DEFAULT_LIMIT
    after: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Rows and the cursor of the next page, None on the last one."""

    rows: list[Row]
    next_cursor: str | None


def slice_of(listing: str, *, width: int, limit: str | None, cursor: str | None) -> Slice:
    """Returns the slice that a query asks for.

    Args:
        listing: The list's name; a cursor of another list is refused.
        width: How many numbers a position in this list has.
        limit: The query's `limit`, as sent.
        cursor: The query's `cursor`, as sent.

    Raises:
        ApiError: The limit or the cursor is not one of ours.
    """
    rows = DEFAULT_LIMIT
    if limit:  # null is sent as an empty value (sdk)
        rows = int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 10 else 0
        if not 1 <= rows <= MOST:
            raise invalid("limit", f"{limit!r} is not accepted; use a whole number from 1 to {MOST}.")
    if not cursor:
        return Slice(listing=listing, limit=rows)
    after = _position(cursor, listing=listing)
    if after is None or len(after) != width:
        raise invalid("cursor", f"{cursor[:80]!r} is no cursor of this list; pass meta.next_cursor unchanged.")
    return Slice(listing=listing, limit=rows, after=after)


def read_page(
    connection: sa.Connection,
    query: sa.Select[Any],
    order: Sequence[sa.Column[int]],
    page: Slice,
) -> Page[sa.RowMapping]:
    """Runs a query for one page, ordered by falling values of `order`, which must be unique together."""
    if page.after is not None:
        # Of any width: a cursor that was made up may name a number larger than the column's.
        after = [sa.literal(value, sa.BigInteger) for value in page.after]
        query = query.where(sa.tuple_(*order) < sa.tuple_(*after))
    query = query.order_by(*(column.desc() for column in order)).limit(page.limit + 1)
    rows = list(connection.execute(query).mappings())
    if len(rows) <= page.limit:
        return Page(rows=rows, next_cursor=None)
    rows.pop()
    position = [rows[-1][column.name] for column in order]
    return Page(rows=rows, next_cursor=_cursor(position, listing=page.listing))


def _cursor(position: Sequence[int], *, listing: str) -> str:
    text = json.dumps({"list": listing, "after": list(position)}, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _position(cursor: str, *, listing: str) -> tuple[int, ...] | None:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("list") != listing:
        return None
    after = found.get("after")
    if not isinstance(after, list) or not all(type(each) is int and abs(each) < 2**63 for each in after):
        return None
    return tuple(after)
