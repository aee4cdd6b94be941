"""Queries on webhook secrets and deliveries."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from flora_mcp.studio.store import workspaces
from flora_mcp.studio.store.tables import deliveries, webhook_secrets

API_VERSION = "2026-06-11"
"""Of the events (docs:webhooks)."""

OVERLAP_MS = 24 * 60 * 60 * 1000
"""How long a replaced secret still signs, so that receivers can change to the new one (choice)."""

RETRY_MS: Sequence[int] = (10_000, 60_000, 300_000)
"""How long after each failed attempt the next is due; after the last there is none (docs:webhooks)."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One event on its way, with the secrets that sign it."""

    delivery_id: str
    url: str
    event: str
    body: str
    attempts: int
    secrets: tuple[str, ...]


def secrets_of(connection: sa.Connection, workspace_id: str, *, now_ms: int) -> list[str]:
    """Returns what signs the events of a workspace, newest first; nothing when it has no secret yet."""
    live = sa.or_(webhook_secrets.c.expires_at_ms.is_(None), webhook_secrets.c.expires_at_ms > now_ms)
    query = sa.select(webhook_secrets.c.secret).where(webhook_secrets.c.workspace_id == workspace_id, live)
    return list(connection.scalars(query.order_by(webhook_secrets.c.number.desc())))


def replace_secret(connection: sa.Connection, workspace_id: str, *, now_ms: int) -> str:
    """Makes a secret for a workspace and returns it; the ones before sign beside it for `OVERLAP_MS` more.

    Raises:
        ApiError: There is no such workspace.
    """
    workspaces.get(connection, workspace_id)
    former = webhook_secrets.c.workspace_id == workspace_id, webhook_secrets.c.expires_at_ms.is_(None)
    connection.execute(webhook_secrets.update().where(*former).values(expires_at_ms=now_ms + OVERLAP_MS))
    fresh = "whsec_" + secrets.token_urlsafe(32)
    row = {"workspace_id": workspace_id, "secret": fresh, "created_at_ms": now_ms}
    connection.execute(webhook_secrets.insert().values(row))
    return fresh


def announce(connection: sa.Connection, run: sa.RowMapping, *, now_ms: int) -> None:
    """Queues the event of a run that has just ended, in the transaction that ends it."""
    if run["callback_url"] is None:
        return
    delivery_id = "whd_" + run["run_id"].removeprefix("run_")
    data = {
        "run_id": run["run_id"],
        "run_type": run["type"],
        "workspace_id": run["workspace_id"],
        "status": run["status"],
    }
    if run["status"] == "failed":
        data |= {"error_code": run["error_code"], "error_message": run["error_message"]}
    event = f"run.{run['status']}"
    body = {"id": delivery_id, "type": event, "api_version": API_VERSION, "created_at": now_ms, "data": data}
    row = {
        "delivery_id": delivery_id,
        "run_id": run["run_id"],
        "workspace_id": run["workspace_id"],
        "url": run["callback_url"],
        "event": event,
        # Kept as it is sent: every attempt sends the same bytes (docs:webhooks).
        "body": json.dumps(body, separators=(",", ":")),
        "state": "due",
        "attempts": 0,
        "due_at_ms": now_ms,
        "created_at_ms": now_ms,
    }
    connection.execute(deliveries.insert().values(row))


def due(connection: sa.Connection, *, now_ms: int, limit: int) -> list[tuple[str, int]]:
    """Returns the deliveries whose time has come, the longest due first, and how often each was tried."""
    query = sa.select(deliveries.c.delivery_id, deliveries.c.attempts)
    query = query.where(deliveries.c.state == "due", deliveries.c.due_at_ms <= now_ms)
    found = connection.execute(query.order_by(deliveries.c.due_at_ms, deliveries.c.number).limit(limit))
    return [(row.delivery_id, row.attempts) for row in found]


def undelivered(connection: sa.Connection) -> list[tuple[str, int]]:
    """Returns the deliveries that will be tried again, and how often each was."""
    query = sa.select(deliveries.c.delivery_id, deliveries.c.attempts).where(deliveries.c.state == "due")
    return [(row.delivery_id, row.attempts) for row in connection.execute(query.order_by(deliveries.c.number))]


def get(connection: sa.Connection, delivery_id: str, *, now_ms: int) -> Delivery:
    row = connection.execute(sa.select(deliveries).where(deliveries.c.delivery_id == delivery_id)).mappings().one()
    return Delivery(
        delivery_id=delivery_id,
        url=row["url"],
        event=row["event"],
        body=row["body"],
        attempts=row["attempts"],
        secrets=tuple(secrets_of(connection, row["workspace_id"], now_ms=now_ms)),
    )


def record(
    connection: sa.Connection, delivery_id: str, *, attempt: int, problem: str | None, final: bool, now_ms: int
) -> None:
    """Records an attempt, once.

    Args:
        connection: A transaction.
        delivery_id: What was delivered.
        attempt: Which attempt it was, from 1.
        problem: What went wrong; None when it was received.
        final: Whether no other attempt can succeed.
        now_ms: The time.
    """
    state: Literal["delivered", "due", "failed"] = "delivered"
    values: dict[str, object] = {"attempts": attempt, "problem": problem}
    if problem is not None:
        state = "failed" if final or attempt > len(RETRY_MS) else "due"
    if state == "due":
        values["due_at_ms"] = now_ms + RETRY_MS[attempt - 1]
    else:
        values["ended_at_ms"] = now_ms
    change = deliveries.update().where(deliveries.c.delivery_id == delivery_id, deliveries.c.attempts == attempt - 1)
    connection.execute(change.where(deliveries.c.state == "due").values(state=state, **values))
