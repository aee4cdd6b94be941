"""The workflow engine, started when first needed and stopped when nothing has been needed for a while."""

import gc
import importlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from flora_mcp.studio.runs.membership import Membership
from flora_mcp.studio.runs.work import OnEnd, Work

if TYPE_CHECKING:
    from flora_mcp.studio.runs.workflow import DurableWorkflows

LAUNCHES = 3
"""Attempts to start DBOS, one a poll, before the runs that wait for it are failed."""

WORKFLOW_MODULE = "flora_mcp.studio.runs.workflow"


class Engine:
    """Starts and stops DBOS, for the event loop.

    Args:
        database_url: Where DBOS keeps its records.
        works: The kinds of jobs.
        membership: Who this process is among the workers.
        on_end: Told of each workflow's end, in a thread of DBOS.
    """

    def __init__(self, *, database_url: str, works: Sequence[Work], membership: Membership, on_end: OnEnd) -> None:
        self._database_url = database_url
        self._works = tuple(works)
        self._membership = membership
        self._on_end = on_end
        self._workflows: DurableWorkflows | None = None
        self._failures = 0

    @property
    def fails(self) -> bool:
        """Whether DBOS has not started for `LAUNCHES` times in a row."""
        return self._failures >= LAUNCHES

    async def launched(self) -> "DurableWorkflows | None":
        """Returns the running engine; None when another studio in this process uses DBOS, so that this must wait."""
        if self._workflows is None:
            self._failures += 1
            await anyio.to_thread.run_sync(self._launch)
            self._failures = 0
        return self._workflows

    async def rest(self) -> None:
        """Stops DBOS, if it runs."""
        workflows, self._workflows = self._workflows, None
        if workflows is not None:
            # Shielded: a cancellation before the thread starts would leave DBOS running with nobody to stop it.
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(workflows.close)

    def _launch(self) -> None:
        workflows: DurableWorkflows = _workflow_module().DurableWorkflows(
            database_url=self._database_url,
            works=self._works,
            worker_id=self._membership.worker_id,
            alone=self._membership.alone,
            on_end=self._on_end,
        )
        if workflows.launch():
            # Kept by the thread: when the task that waits for it is cancelled, `rest` still finds it.
            self._workflows = workflows


def _workflow_module() -> Any:
    """Imports DBOS, when first needed and in a thread: it takes half a second that most sessions never need."""
    if WORKFLOW_MODULE in sys.modules:
        return sys.modules[WORKFLOW_MODULE]
    collecting = gc.isenabled()
    # The import makes 40 000 objects; the collections that they set off hold the interpreter, and with
    # it the event loop, for 70 to 150 ms. They stay for good, so they are also kept out of later ones.
    gc.disable()
    try:
        module = importlib.import_module(WORKFLOW_MODULE)
        gc.freeze()
    finally:
        if collecting:
            gc.enable()
    return module
