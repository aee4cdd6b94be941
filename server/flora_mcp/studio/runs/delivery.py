"""Telling other programs that a run has ended."""

import hashlib
import hmac
import logging
from collections.abc import Callable, Sequence

import anyio
import sqlalchemy as sa

from flora_mcp.studio.errors import WebFailedError, WebRefusedError
from flora_mcp.studio.renderers import JSON
from flora_mcp.studio.runs.work import Journal
from flora_mcp.studio.store import Database, webhooks
from flora_mcp.studio.web import Web

AT_ONCE = 8

logger = logging.getLogger(__name__)


class Delivery:
    """The work that delivers webhooks. A job is one attempt, so that between two of them nothing waits.

    Args:
        database: Where deliveries are.
        web: What sends them.
        clock_ms: The wall clock, in Unix milliseconds.
    """

    name = "delivery"
    capacity = AT_ONCE

    def __init__(self, *, database: Database, web: Web, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._web = web
        self._clock_ms = clock_ms

    def pending(self, connection: sa.Connection, *, limit: int, besides: Sequence[str]) -> list[str]:
        found = webhooks.due(connection, now_ms=self._clock_ms(), limit=limit + len(besides))
        return [job_id for job_id in map(_job_id, found) if job_id not in besides][:limit]

    def unfinished(self, connection: sa.Connection) -> list[tuple[str, bool]]:
        return [(_job_id(each), False) for each in webhooks.undelivered(connection)]

    def perform(self, job_id: str, journal: Journal) -> None:
        outcome = journal.step("send", self.send, job_id)
        journal.step("record", self.record, job_id, outcome)

    def send(self, job_id: str) -> dict[str, JSON]:
        """Makes the attempt.

        Returns:
            What `record` needs: `problem`, None when it was received, and `final`, whether trying again is useless.
        """
        delivery_id, _ = _parts(job_id)
        now_ms = self._clock_ms()
        with self._database.reading() as connection:
            delivery = webhooks.get(connection, delivery_id, now_ms=now_ms)
        content = delivery.body.encode()
        headers = {
            "content-type": "application/json",
            "flora-event": delivery.event,
            "flora-webhook-id": delivery_id,
            "flora-signature": _signature(content, delivery.secrets, now_s=now_ms // 1000),
        }
        try:
            status = anyio.run(self._web.deliver, delivery.url, content, headers)
        except WebRefusedError as exc:
            return {"problem": str(exc), "final": True}
        except WebFailedError as exc:
            return {"problem": str(exc), "final": False}
        received = 200 <= status < 300
        return {"problem": None if received else f"The receiver answered with status {status}.", "final": False}

    def record(self, job_id: str, outcome: dict[str, JSON]) -> None:
        delivery_id, attempt = _parts(job_id)
        problem = None if outcome["problem"] is None else str(outcome["problem"])
        if problem is not None:
            logger.warning("webhook %s, attempt %d: %s", delivery_id, attempt, problem)
        with self._database.writing() as connection:
            webhooks.record(
                connection,
                delivery_id,
                attempt=attempt,
                problem=problem,
                final=bool(outcome["final"]),
                now_ms=self._clock_ms(),
            )

    def conclude(self, job_id: str) -> None:
        # Does nothing to an attempt that was recorded.
        self.record(job_id, {"problem": "The studio could not make this attempt; its log says why.", "final": False})

    def give_up(self, job_id: str) -> None:
        self.conclude(job_id)


def _job_id(delivery: tuple[str, int]) -> str:
    delivery_id, attempts = delivery
    return f"{delivery_id}.{attempts + 1}"


def _parts(job_id: str) -> tuple[str, int]:
    delivery_id, _, attempt = job_id.rpartition(".")
    return delivery_id, int(attempt)


def _signature(content: bytes, secrets: Sequence[str], *, now_s: int) -> str:
    """Signs as FLORA does: the whole secret is the key, prefix and all (sdk:lib/webhooks.ts)."""
    signed = f"{now_s}.".encode() + content
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={now_s}", *marks])
