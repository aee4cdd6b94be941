"""How far a technique's run is: by the time that its steps take, those done and those under way."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence

from sqlalchemy.exc import SQLAlchemyError

from flora_mcp.studio.store import Database, runs

PROGRESS_SECONDS = 0.2
"""The shortest time between two progress updates: each one is a commit."""

logger = logging.getLogger(__name__)


class TechniqueProgress:
    """The progress of one run; told of steps from several threads.

    Args:
        database: Where the run is.
        run_id: The run.
        weights: About how many seconds each step takes.
        done: The steps that were done before.
    """

    def __init__(self, *, database: Database, run_id: str, weights: Mapping[str, int], done: Sequence[str]) -> None:
        self._database = database
        self._run_id = run_id
        self._weights = dict(weights)
        self._fractions = {name: 1.0 if name in done else 0.0 for name in weights}
        self._lock = threading.Lock()
        self._shown = 0
        self._due = 0.0

    def report(self, step_id: str, fraction: float) -> None:
        """Hears how far a step is, from 0 to 1."""
        self._move(step_id, fraction, at_once=False)

    def finish(self, step_id: str) -> None:
        """Hears that a step is done, which is shown at once."""
        self._move(step_id, 1.0, at_once=True)

    def _move(self, step_id: str, fraction: float, *, at_once: bool) -> None:
        if step_id not in self._weights:
            return
        with self._lock:
            self._fractions[step_id] = max(self._fractions[step_id], fraction)
            done = sum(self._weights[name] * part for name, part in self._fractions.items())
            percent = min(99, int(100 * done / sum(self._weights.values())))
            now = time.monotonic()
            if percent <= self._shown or (now < self._due and not at_once):
                return
            # After a step is done the next report is shown: it may be the only one of a long step.
            self._shown, self._due = percent, 0.0 if at_once else now + PROGRESS_SECONDS
        try:
            with self._database.moving() as connection:
                runs.advance(connection, self._run_id, progress=percent)
        except SQLAlchemyError as exc:
            # A picture is worth more than its progress bar.
            logger.warning("the progress of run %s could not be recorded: %s", self._run_id, exc)
