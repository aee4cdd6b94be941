"""The steps of one generation, each safe to repeat."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, cast

from sqlalchemy.exc import SQLAlchemyError

from flora_mcp.studio.catalog import picture_size
from flora_mcp.studio.errors import RenderError
from flora_mcp.studio.ids import IdSource
from flora_mcp.studio.media import MediaStore
from flora_mcp.studio.renderers import JSON, Progress, RenderHost, RenderRequest
from flora_mcp.studio.runs.states import UNFINISHED
from flora_mcp.studio.store import Database, runs

PROGRESS_SECONDS = 0.2
"""The shortest time between two progress updates: each one is a commit."""

logger = logging.getLogger(__name__)


class Generation:
    """What happens between an accepted run and its end; called from the workflow's threads.

    Args:
        database: Where the run is.
        media: Where its file goes.
        renderers: What makes it.
        ids: The source of node ids.
        clock_ms: The wall clock, in Unix milliseconds.
    """

    def __init__(
        self,
        *,
        database: Database,
        media: MediaStore,
        renderers: RenderHost,
        ids: IdSource,
        clock_ms: Callable[[], int],
    ) -> None:
        self._database = database
        self._media = media
        self._renderers = renderers
        self._ids = ids
        self._clock_ms = clock_ms

    def begin(self, run_id: str) -> bool:
        """Marks the run as running; False when it has ended and nothing is left to do."""
        with self._database.writing() as connection:
            return runs.begin(connection, run_id, now_ms=self._clock_ms())

    def render(self, run_id: str) -> dict[str, JSON]:
        """Makes and stores the file.

        Returns:
            What `settle` needs: `file` and `facts`, or `error_code` and `error_message`. It is kept with
            the workflow, so it is plain data.

        Raises:
            RendersClosed: The studio closes; nothing is recorded.
        """
        with self._database.reading() as connection:
            run = runs.get(connection, run_id)
        params = cast("dict[str, Any]", run["params"])
        size = picture_size(aspect_ratio=params["aspect_ratio"], resolution=params["resolution"])
        request = RenderRequest(
            prompt=run["prompt"], width_px=size.width_px, height_px=size.height_px, seed=params["seed"]
        )
        started = time.perf_counter()
        try:
            rendering = self._renderers.render(run["model_id"], request, self._progress(run_id))
            seconds = time.perf_counter() - started
            file = self._media.write(
                rendering.content, owner_id=run_id, output_id="output_1", mime_type=rendering.mime_type
            )
        except RenderError as exc:
            logger.warning("run %s failed: %s", run_id, exc)
            return {"error_code": exc.code, "error_message": str(exc)}
        output = runs.NewOutput(
            output_id="output_1",
            type="imageUrl",
            mime_type=rendering.mime_type,
            width_px=rendering.width_px,
            height_px=rendering.height_px,
            **vars(file),
        )
        facts: dict[str, JSON] = {
            "render_seconds": round(seconds, 3),
            **rendering.facts,
            "seed": request.seed,
            "width_px": rendering.width_px,
            "height_px": rendering.height_px,
        }
        return {"file": asdict(output), "facts": facts}

    def settle(self, run_id: str, outcome: dict[str, JSON]) -> None:
        """Ends the run as `render` found, once."""
        now_ms = self._clock_ms()
        with self._database.writing() as connection:
            if "error_code" in outcome:
                code, message = str(outcome["error_code"]), str(outcome["error_message"])
                runs.fail(connection, run_id, code=code, message=message, now_ms=now_ms)
                return
            file = runs.NewOutput(**cast("dict[str, Any]", outcome["file"]))
            facts = cast("dict[str, JSON]", outcome["facts"])
            runs.complete(connection, run_id, files=[file], node_ids=[self._ids.node()], facts=facts, now_ms=now_ms)

    def conclude(self, run_id: str) -> None:
        """Ends a run whose workflow is over without having ended it, as when the database refused to."""
        with self._database.reading() as connection:
            if runs.get(connection, run_id)["status"] not in UNFINISHED:
                return
        message = (
            "The studio could not finish this run, perhaps for want of disk space; its log says more. Run it again."
        )
        self.settle(run_id, {"error_code": "SERVER_ERROR", "error_message": message})

    def _progress(self, run_id: str) -> Progress:
        shown, due = 0, 0.0

        def report(fraction: float) -> None:
            nonlocal shown, due
            percent = min(99, int(fraction * 100))
            now = time.monotonic()
            if percent <= shown or now < due:
                return
            shown, due = percent, now + PROGRESS_SECONDS
            try:
                with self._database.writing() as connection:
                    runs.advance(connection, run_id, progress=percent)
            except SQLAlchemyError as exc:
                # A picture is worth more than its progress bar.
                logger.warning("the progress of run %s could not be recorded: %s", run_id, exc)

        return report
