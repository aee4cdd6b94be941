"""The keys by which a repeated request is recognised."""

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
    """Takes a key for this request, in the request's own transaction: when that fails, the key is free again.

    Raises:
        ApiError: The key was taken less than two hours ago.
    """
    if key is None:
        return
    if not 1 <= len(key) <= LONGEST:
        raise invalid("Idempotency-Key", f"has {len(key)} characters; use 1 to {LONGEST}.")
    connection.execute(idempotency_keys.delete().where(idempotency_keys.c.created_at_ms <= now_ms - KEPT_MS))
    row = {
        "workspace_id": workspace_id,
        "operation": operation,
        "destination": destination,
        "key": key,
        "created_at_ms": now_ms,
    }
    try:
        connection.execute(idempotency_keys.insert().values(row))
    except IntegrityError as exc:
        raise ApiError("Duplicate idempotency key.", status=409, code="idempotency_duplicate") from exc
