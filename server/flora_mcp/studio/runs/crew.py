"""The processes, on however many machines, that share the jobs of one database."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from flora_mcp.studio.store import Database, workers

LEASE_SECONDS = 15.0
"""A worker whose beat stands still for so long is taken for dead. Another takes its jobs up, and what it may
still do to them afterwards is refused or changes nothing."""

BEATS = 5
"""How often a worker beats within the lease."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A beat, and when it was first seen by this process's clock."""

    beat: int
    at: float


class Crew:
    """A process's place among the workers: a row whose beat it raises, so that no clocks are compared.

    Args:
        database: Where the workers are known.
        lease_seconds: See `LEASE_SECONDS`; the same for each worker.
        monotonic: A clock, in seconds.
    """

    alone = False

    def __init__(
        self,
        *,
        database: Database,
        lease_seconds: float = LEASE_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.worker_id = f"worker_{secrets.token_hex(8)}"
        self.beat_seconds = lease_seconds / BEATS
        self._database = database
        self._lease_seconds = lease_seconds
        self._monotonic = monotonic
        self._seen: dict[str, _Seen] = {}
        self._looked_at = monotonic()
        self._held = False

    @property
    def held(self) -> bool:
        return self._held

    @property
    def others(self) -> bool:
        return len(self._seen) > 1

    def take(self) -> bool:
        if not self._held:
            self.beat()
            logger.info("worker %s is process %d of %s", self.worker_id, os.getpid(), socket.gethostname())
        return self._held

    def beat(self) -> None:
        with self._database.moving() as connection:
            known = workers.beat(connection, self.worker_id)
        if self._held and not known:
            logger.warning("worker %s was taken for dead, and goes on with what is left to it", self.worker_id)
        self._held = True
        self._look()

    def release(self) -> None:
        if not self._held:
            return
        self._held = False
        with self._database.moving() as connection:
            workers.leave(connection, self.worker_id)

    def _look(self) -> None:
        """Notes the beats of all workers, and buries the dead."""
        with self._database.reading() as connection:
            beats = workers.beats(connection)
        now = self._monotonic()
        # Whoever could not look, for want of the database or of time, has not seen that a beat stood still.
        blind = now - self._looked_at > self._lease_seconds / 2
        self._looked_at = now
        seen: dict[str, _Seen] = {}
        for worker_id, beat in beats.items():
            before = None if blind else self._seen.get(worker_id)
            seen[worker_id] = before if before is not None and before.beat == beat else _Seen(beat=beat, at=now)
        self._seen = seen
        for worker_id, each in seen.items():
            if worker_id != self.worker_id and now - each.at >= self._lease_seconds:
                self._bury(worker_id, each.beat)

    def _bury(self, worker_id: str, beat: int) -> None:
        with self._database.moving() as connection:
            buried = workers.bury(connection, worker_id, beat=beat)
        if buried:
            logger.warning("worker %s was silent for %g s: others do its jobs", worker_id, self._lease_seconds)
