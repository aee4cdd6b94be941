"""The durable workflow of a run. Importing this module imports DBOS, half a second of work."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from dbos import DBOS, DBOSConfig, SetWorkflowID

from flora_mcp.studio.errors import RendersClosed
from flora_mcp.studio.runs.generation import Generation
from flora_mcp.studio.runs.old_sqlite import MillisecondConnection

VERSION = "1"
"""DBOS takes up only workflows of its own version. Ours stays the same through upgrades, so the steps
below keep their names and their order, or get a second workflow beside them."""

_EXECUTOR = "studio"
"""The one executor: whoever leads takes up what the leader before left."""

_ONE_PER_PROCESS = threading.Lock()
"""Held while DBOS runs, of which a process can have one."""

_CLOSE_SECONDS = 10.0


class DurableWorkflow:
    """Runs generations so that each step is done, and recorded, in spite of crashes.

    Args:
        database_url: Where DBOS keeps its records: the studio's own database.
        generation: The steps.
        on_end: Called with the run id, in a thread of DBOS, when a workflow is over.
    """

    def __init__(self, *, database_url: str, generation: Generation, on_end: Callable[[str], None]) -> None:
        self._generation = generation
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
        self._active: set[str] = set()
        self._inside: set[str] = set()
        self._closing = False
        self._launched = False

    @property
    def active(self) -> frozenset[str]:
        """The runs that are started and not over."""
        with self._changed:
            return frozenset(self._active)

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

            def generation(run_id: str) -> None:
                self._generate(run_id)

            self._workflow = DBOS.workflow(name="generation", max_recovery_attempts=None)(generation)
            DBOS.launch()
        except BaseException:
            try:
                DBOS.destroy(destroy_registry=True)
            finally:
                _ONE_PER_PROCESS.release()
            raise
        self._launched = True
        return True

    def start(self, run_id: str) -> None:
        """Starts a run's workflow; does nothing when it was started before, by whichever process."""
        with self._changed:
            self._active.add(run_id)
        try:
            with SetWorkflowID(run_id):
                DBOS.start_workflow(self._workflow, run_id)
        except BaseException:
            with self._changed:
                self._active.discard(run_id)
            raise

    def take_up(self, run_id: str) -> bool | None:
        """Looks after a run that a former leader may have started.

        Returns:
            True when DBOS resumes it by itself, False when its workflow is over, None when it never started.
        """
        status = DBOS.get_workflow_status(run_id)
        if status is None:
            return None
        if status.status not in {"PENDING", "ENQUEUED", "DELAYED"}:
            return False
        with self._changed:
            self._active.add(run_id)
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

    def _generate(self, run_id: str) -> None:
        with self._tracked(run_id):
            if not DBOS.run_step({"name": "begin"}, self._generation.begin, run_id):
                return
            outcome = DBOS.run_step({"name": "render"}, self._generation.render, run_id)
            DBOS.run_step({"name": "settle"}, self._generation.settle, run_id, outcome)

    @contextmanager
    def _tracked(self, run_id: str) -> Iterator[None]:
        with self._changed:
            if self._closing:
                raise RendersClosed
            self._active.add(run_id)
            self._inside.add(run_id)
        try:
            yield
        finally:
            with self._changed:
                self._active.discard(run_id)
                self._inside.discard(run_id)
                self._changed.notify_all()
            self._on_end(run_id)


def _engine_options(database_url: str) -> dict[str, Any]:
    return {"connect_args": {"factory": MillisecondConnection}} if database_url.startswith("sqlite") else {}
