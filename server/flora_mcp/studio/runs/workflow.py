"""Durable workflows, one for each job. Importing this module imports DBOS, half a second of work."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID

from flora_mcp.studio.errors import RendersClosed
from flora_mcp.studio.runs.old_sqlite import MillisecondConnection
from flora_mcp.studio.runs.work import Work

VERSION = "1"
"""DBOS takes up only workflows of its own version. Ours stays the same through upgrades, so the steps of
each kind of work keep their names and their order, or get a second kind beside it."""

_EXECUTOR = "studio"
"""The one executor: whoever leads takes up what the leader before left."""

_ONE_PER_PROCESS = threading.Lock()
"""Held while DBOS runs, of which a process can have one."""

_CLOSE_SECONDS = 10.0


class DurableWorkflows:
    """Does jobs so that each step is done, and recorded, in spite of crashes.

    Args:
        database_url: Where DBOS keeps its records: the studio's own database.
        works: The kinds of jobs.
        on_end: Called with a kind and a job id, in a thread of DBOS, when a workflow is over.
    """

    def __init__(self, *, database_url: str, works: Sequence[Work], on_end: Callable[[Work, str], None]) -> None:
        self._works = tuple(works)
        self._workflows: dict[str, Callable[[str], None]] = {}
        self._on_end = on_end
        self._config = DBOSConfig(
            name="flora-mcp-studio",
            system_database_url=database_url,
            db_engine_kwargs=_engine_options(database_url),
            application_version=VERSION,
            executor_id=_EXECUTOR,
            log_level="WARNING",
            # Only how fast DBOS stops depends on it: we use no notifications.
            notification_listener_polling_interval_sec=0.1,
        )
        self._changed = threading.Condition()
        self._active: set[tuple[str, str]] = set()
        self._inside: set[tuple[str, str]] = set()
        self._closing = False
        self._launched = False

    def active(self, work: Work) -> frozenset[str]:
        """Returns the jobs of a kind that are started and not over."""
        with self._changed:
            return frozenset(job_id for name, job_id in self._active if name == work.name)

    def launch(self) -> bool:
        """Starts DBOS, which takes up what a dead leader left.

        Returns:
            False when another studio in this process uses DBOS at the moment; ask again later.
        """
        if not _ONE_PER_PROCESS.acquire(blocking=False):
            return False
        try:
            # DBOS writes to the console unless its logger has a handler; ours go where the program's go.
            logger = logging.getLogger("dbos")
            if not logger.handlers:
                logger.addHandler(logging.NullHandler())
            DBOS(config=self._config)
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
        job = (work.name, job_id)
        with self._changed:
            self._active.add(job)
        try:
            with SetWorkflowID(job_id):
                DBOS.start_workflow(self._workflows[work.name], job_id)
        except BaseException:
            with self._changed:
                self._active.discard(job)
            raise

    def take_up(self, work: Work, job_id: str) -> bool | None:
        """Looks after a job that a former leader may have started.

        Returns:
            True when DBOS resumes it by itself, False when its workflow is over, None when it never started.
        """
        status = DBOS.get_workflow_status(job_id)
        if status is None:
            return None
        if status.status not in {"PENDING", "ENQUEUED", "DELAYED"}:
            return False
        with self._changed:
            self._active.add((work.name, job_id))
        return True

    def close(self) -> None:
        """Stops DBOS. The renderers must be closed before, so that no workflow is in a render."""
        if not self._launched:
            return
        with self._changed:
            self._closing = True
            self._changed.wait_for(lambda: not self._inside, timeout=_CLOSE_SECONDS)
        self._launched = False
        try:
            DBOS.destroy(destroy_registry=True)
        finally:
            _ONE_PER_PROCESS.release()

    def _workflow(self, work: Work) -> Callable[[str], None]:
        def perform(job_id: str) -> None:
            with self._tracked(work, job_id):
                work.perform(job_id, _DBOSJournal())

        workflow: Callable[[str], None] = DBOS.workflow(name=work.name, max_recovery_attempts=None)(perform)
        return workflow

    @contextmanager
    def _tracked(self, work: Work, job_id: str) -> Iterator[None]:
        job = (work.name, job_id)
        with self._changed:
            if self._closing:
                raise RendersClosed
            self._active.add(job)
            self._inside.add(job)
        try:
            yield
        finally:
            with self._changed:
                self._active.discard(job)
                self._inside.discard(job)
                self._changed.notify_all()
            self._on_end(work, job_id)


class _DBOSJournal:
    def step(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        return DBOS.run_step({"name": name}, function, *arguments)


def _engine_options(database_url: str) -> dict[str, Any]:
    return {"connect_args": {"factory": MillisecondConnection}} if database_url.startswith("sqlite") else {}
