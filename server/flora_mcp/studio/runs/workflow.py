"""Durable workflows, one for each job. Importing this module imports DBOS, half a second of work."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from dbos import DBOS, DBOSConfig, SetWorkflowID

from flora_mcp.database import is_away, reason
from flora_mcp.studio.errors import RendersClosed
from flora_mcp.studio.runs.old_sqlite import MillisecondConnection
from flora_mcp.studio.runs.work import OnEnd, Work

VERSION = "1"
"""DBOS takes up only workflows of its own version. Ours stays the same through upgrades, so the steps of
each kind of work keep their names and their order, or get a second kind beside it."""

POOL_SIZE = 8
"""Connections that DBOS keeps to PostgreSQL."""

QUEUE_SECONDS = 0.5
"""How often a worker looks for what it has taken up of another."""

AWAY_SECONDS = 600.0
"""How long a step waits for a database that is away before it fails."""

_LONGEST_WAIT_SECONDS = 5.0

_ONE_PER_PROCESS = threading.Lock()
"""Held while DBOS runs, of which a process can have one."""

_CLOSE_SECONDS = 10.0

_OVER = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})

logger = logging.getLogger(__name__)


class DurableWorkflows:
    """Does jobs so that each step is done, and recorded, in spite of crashes.

    Args:
        database_url: Where DBOS keeps its records: the studio's own database.
        works: The kinds of jobs.
        worker_id: Who does them.
        alone: Whether nobody else does; then whatever DBOS finds unfinished under this name is resumed at once.
        on_end: Called with a kind, a job id and whether all was done, in a thread of DBOS, when a workflow is over
            or no longer this worker's.
    """

    def __init__(self, *, database_url: str, works: Sequence[Work], worker_id: str, alone: bool, on_end: OnEnd) -> None:
        self._works = tuple(works)
        self._workflows: dict[str, Callable[[str], None]] = {}
        self._on_end = on_end
        self._queue = None if alone else worker_id
        self._has_queue = False
        self._config = DBOSConfig(
            name="flora-mcp-studio",
            system_database_url=database_url,
            db_engine_kwargs=_engine_options(database_url),
            application_version=VERSION,
            executor_id=worker_id,
            log_level="WARNING",
            # Only how fast DBOS stops depends on it: we use no notifications.
            notification_listener_polling_interval_sec=0.1,
        )
        self._changed = threading.Condition()
        self._inside = 0
        self._closing = False
        self._launched = False

    def launch(self) -> bool:
        """Starts DBOS.

        Returns:
            False when another studio in this process uses DBOS at the moment; ask again later.
        """
        if not _ONE_PER_PROCESS.acquire(blocking=False):
            return False
        try:
            # DBOS writes to the console unless its logger has a handler; ours go where the program's go.
            dbos_logger = logging.getLogger("dbos")
            if not dbos_logger.handlers:
                dbos_logger.addHandler(logging.NullHandler())
            DBOS(config=self._config)
            if self._queue is not None:
                DBOS.listen_queues([self._queue])
            self._workflows = {work.name: self._workflow(work) for work in self._works}
            DBOS.launch()
        except BaseException:
            try:
                DBOS.destroy(destroy_registry=True)
            finally:
                _ONE_PER_PROCESS.release()
            raise
        self._launched = True
        return True

    def start(self, work: Work, job_id: str) -> None:
        """Starts a job's workflow; does nothing when it was started before, by whichever process."""
        with SetWorkflowID(job_id):
            DBOS.start_workflow(self._workflows[work.name], job_id)

    def take_up(self, job_id: str) -> Literal["resumed", "over", "unknown"]:
        """Goes on with a job that somebody may have started who is gone, or is no longer to do it."""
        status = DBOS.get_workflow_status(job_id)
        if status is None:
            return "unknown"
        if status.status in _OVER:
            return "over"
        if self._queue is not None:
            # Again each time: a worker that was taken for dead may have lost its queue.
            DBOS.register_queue(self._queue, polling_interval_sec=QUEUE_SECONDS)
            self._has_queue = True
            DBOS.resume_workflow(job_id, queue_name=self._queue)
        # Otherwise DBOS resumes by itself what it finds at its launch.
        return "resumed"

    def is_over(self, job_id: str) -> bool:
        """Whether nobody will go on with a job's workflow."""
        status = DBOS.get_workflow_status(job_id)
        return status is None or status.status in _OVER

    def close(self) -> None:
        """Stops DBOS. The renderers must be closed before, so that no workflow is in a render."""
        if not self._launched:
            return
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._inside, timeout=_CLOSE_SECONDS)
        self._launched = False
        try:
            if self._has_queue and self._queue is not None:
                DBOS.delete_queue(self._queue)
        finally:
            try:
                DBOS.destroy(destroy_registry=True)
            finally:
                _ONE_PER_PROCESS.release()

    def _workflow(self, work: Work) -> Callable[[str], None]:
        def perform(job_id: str) -> None:
            with self._tracked(work, job_id):
                work.perform(job_id, _DBOSJournal(wait=self._wait))

        workflow: Callable[[str], None] = DBOS.workflow(name=work.name, max_recovery_attempts=None)(perform)
        return workflow

    @contextmanager
    def _tracked(self, work: Work, job_id: str) -> Iterator[None]:
        with self._changed:
            if self._closing:
                raise RendersClosed
            self._inside += 1
        done = False
        try:
            yield
            done = True
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()
            self._on_end(work, job_id, done=done)

    def _wait(self, seconds: float) -> None:
        """Waits, unless the studio closes."""
        with self._changed:
            if self._changed.wait_for(lambda: self._closing, timeout=seconds):
                raise RendersClosed


class _DBOSJournal:
    def __init__(self, *, wait: Callable[[float], None]) -> None:
        self._wait = wait

    def step(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        return DBOS.run_step({"name": name}, self._persist, function, *arguments)

    def _persist(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls the function, again and again while the database is away."""
        deadline = time.monotonic() + AWAY_SECONDS
        seconds = 0.1
        while True:
            try:
                return function(*arguments)
            except Exception as exc:
                # Steps bear being repeated, and a run is not to fail for a database that was started again.
                if not is_away(exc) or time.monotonic() >= deadline:
                    raise
                logger.warning("a step waits for the database: %s", reason(exc))
            self._wait(seconds)
            seconds = min(seconds * 2, _LONGEST_WAIT_SECONDS)


def _engine_options(database_url: str) -> dict[str, Any]:
    if database_url.startswith("sqlite"):
        return {"connect_args": {"factory": MillisecondConnection}}
    return {"pool_size": POOL_SIZE, "max_overflow": POOL_SIZE}
