"""The keys by which a repeated request is recognised."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flora_mcp.studio.errors import ApiError, invalid
from flora_mcp.studio.store.tables import idempotency_keys

KEPT_MS = 2 * 60 * 60 * 1000
"""How long a key stays taken (sdk: 7200 s)."""

LONGEST = 255


def claim(
    connection: sa.Connection,
    key: str | None,
    *,
    workspace_id: str,
    operation: str,
    destination: str,
    now_ms: int,
) -> None:
    """Takes a key for this request, in the transaction that does what it asks for.

    When that fails, or its process dies, the key is free again. Of two requests at once the second waits for the
    first's transaction.

    Raises:
        ApiError: 409, the key was taken less than two hours ago.
    """
    if key is None:
        return
    _check_form(key)
    use = {"workspace_id": workspace_id, "operation": operation, "destination": destination, "key": key}
    over = idempotency_keys.c.created_at_ms <= now_ms - KEPT_MS
    connection.execute(idempotency_keys.delete().where(*_same(use), over))
    try:
        connection.execute(idempotency_keys.insert().values(**use, created_at_ms=now_ms))
    except IntegrityError as exc:
        raise _duplicate() from exc


def check(
    connection: sa.Connection,
    key: str | None,
    *,
    workspace_id: str,
    operation: str,
    destination: str,
    now_ms: int,
) -> None:
    """Passes when a key is free, for what takes long before it can be recorded.

    Such work, as fetching a file, is not done twice for a key that was used; two requests at once may both do it, and
    `claim` lets one of them record it. A key that was claimed before the work would stay taken when the process dies.

    Raises:
        ApiError: As `claim`.
    """
    if key is None:
        return
    _check_form(key)
    use = {"workspace_id": workspace_id, "operation": operation, "destination": destination, "key": key}
    live = idempotency_keys.c.created_at_ms > now_ms - KEPT_MS
    if connection.scalar(sa.select(sa.exists().where(*_same(use), live))):
        raise _duplicate()


def sweep(connection: sa.Connection, *, now_ms: int) -> None:
    """Forgets the keys whose time is over."""
    connection.execute(idempotency_keys.delete().where(idempotency_keys.c.created_at_ms <= now_ms - KEPT_MS))


def _check_form(key: str) -> None:
    if not 1 <= len(key) <= LONGEST:
        raise invalid("Idempotency-Key", f"has {len(key)} characters; use 1 to {LONGEST}.")


def _same(use: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    return [idempotency_keys.c[name] == value for name, value in use.items()]


def _duplicate() -> ApiError:
    return ApiError("Duplicate idempotency key.", status=409, code="idempotency_duplicate")
