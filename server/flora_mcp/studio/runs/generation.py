"""The steps of one generation or action, each safe to repeat."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from flora_mcp.studio.catalog import picture_size
from flora_mcp.studio.errors import RenderError, RenderRefusedError
from flora_mcp.studio.ids import IdSource
from flora_mcp.studio.media import MediaStore
from flora_mcp.studio.renderers import (
    JSON,
    ActionInput,
    ActionRequest,
    Progress,
    RenderHost,
    Rendering,
    RenderRequest,
)
from flora_mcp.studio.runs.run_work import RunWork
from flora_mcp.studio.runs.work import Journal
from flora_mcp.studio.store import Database, graphs, runs

PROGRESS_SECONDS = 0.2
"""The shortest time between two progress updates: each one is a commit."""

logger = logging.getLogger(__name__)


class Generation(RunWork):
    """The work that makes what runs of generations and actions ask for.

    Args:
        database: Where the run is.
        media: Where its file goes.
        renderers: What makes it.
        ids: The source of node ids.
        clock_ms: The wall clock, in Unix milliseconds.
        workspace_runs: How many runs of one workspace go on at once, on all machines; None for any number.
    """

    name = "generation"
    types = ("generation", "action")

    def __init__(
        self,
        *,
        database: Database,
        media: MediaStore,
        renderers: RenderHost,
        ids: IdSource,
        clock_ms: Callable[[], int],
        workspace_runs: int | None = None,
    ) -> None:
        super().__init__(database=database, renderers=renderers, clock_ms=clock_ms, workspace_runs=workspace_runs)
        self._media = media
        self._ids = ids

    def perform(self, job_id: str, journal: Journal) -> None:
        if not journal.step("begin", self.begin, job_id):
            return
        outcome = journal.step("render", self.render, job_id)
        journal.step("settle", self.settle, job_id, outcome)

    def render(self, run_id: str) -> dict[str, JSON]:
        """Makes and stores the files.

        Returns:
            What `settle` needs: `files` and `facts`, or `error_code` and `error_message`. It is kept with
            the workflow, so it is plain data.

        Raises:
            RendersClosed: The studio closes; nothing is recorded.
        """
        with self._database.reading() as connection:
            run = runs.get(connection, run_id)
            given = graphs.given(connection, run)
        started = time.perf_counter()
        try:
            renderings, known = self._made(run, given)
            seconds = time.perf_counter() - started
            files = [self._stored(rendering, run_id, number) for number, rendering in enumerate(renderings, 1)]
        except RenderError as exc:
            logger.warning("run %s failed: %s", run_id, exc)
            return {"error_code": exc.code, "error_message": str(exc)}
        facts: dict[str, JSON] = {
            "render_seconds": round(seconds, 3),
            **renderings[0].facts,
            **known,
            "width_px": renderings[0].width_px,
            "height_px": renderings[0].height_px,
        }
        return {"files": [asdict(file) for file in files], "facts": facts}

    def _made(self, run: sa.RowMapping, given: list[dict[str, Any]]) -> tuple[list[Rendering], dict[str, JSON]]:
        """Returns what the run's model or action makes of its inputs, and what is known of how."""
        params = cast("dict[str, Any]", run["params"])
        progress = self._progress(run["run_id"])
        if run["type"] == "action":
            inputs = tuple(self._input(each) for each in given)
            action = ActionRequest(action_id=run["model_id"], params=params, inputs=inputs)
            return self._renderers.act(action, progress), {"action_id": run["model_id"]}
        size = picture_size(aspect_ratio=params["aspect_ratio"], resolution=params["resolution"])
        # The texts of nodes that ran before this one; those that were there already are in the prompt.
        texts = [str(each["text"]) for each in given if "text" in each]
        request = RenderRequest(
            prompt="\n".join(part for part in (*texts, run["prompt"]) if part),
            width_px=size.width_px,
            height_px=size.height_px,
            seed=params["seed"],
        )
        known: dict[str, JSON] = {"seed": request.seed}
        # No model of this studio reads media; who connected some is told.
        ignored = sorted({str(each["slot"]) for each in given if "text" not in each})
        if ignored:
            known["ignored_inputs"] = [*ignored]
        return [self._renderers.render(run["model_id"], request, progress)], known

    def _input(self, given: dict[str, Any]) -> ActionInput:
        if "text" in given:
            return ActionInput(slot=given["slot"], text=given["text"])
        try:
            path = self._media.local(owner_id=given["owner_id"], file_name=given["file_name"])
        except OSError as exc:
            raise RenderRefusedError(f"The file of slot {given['slot']!r} cannot be read: {exc}.") from exc
        return ActionInput(slot=given["slot"], path=str(path))

    def _stored(self, rendering: Rendering, run_id: str, number: int) -> runs.NewOutput:
        output_id = f"output_{number}"
        file = self._media.write(rendering.content, owner_id=run_id, output_id=output_id, mime_type=rendering.mime_type)
        is_text = rendering.mime_type == "text/plain"
        return runs.NewOutput(
            output_id=output_id,
            type="text" if is_text else "imageUrl",
            mime_type=rendering.mime_type,
            width_px=rendering.width_px,
            height_px=rendering.height_px,
            text=rendering.content.decode() if is_text else None,
            **vars(file),
        )

    def settle(self, run_id: str, outcome: Mapping[str, JSON]) -> None:
        now_ms = self._clock_ms()
        with self._database.writing() as connection:
            if "error_code" in outcome:
                code, message = str(outcome["error_code"]), str(outcome["error_message"])
                runs.fail(connection, run_id, code=code, message=message, now_ms=now_ms)
                return
            # A workflow that a former version began may have recorded its one file under this name.
            kept = cast("list[dict[str, Any]]", outcome.get("files") or [outcome["file"]])
            files = [runs.NewOutput(**each) for each in kept]
            run = runs.get(connection, run_id)
            shown = files if run["type"] == "generation" or run["node_id"] is not None else []
            facts = cast("dict[str, JSON]", outcome["facts"])
            node_ids = [self._ids.node() for _ in shown]
            runs.complete(connection, run_id, files=files, node_ids=node_ids, facts=facts, now_ms=now_ms)

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
                with self._database.moving() as connection:
                    runs.advance(connection, run_id, progress=percent)
            except SQLAlchemyError as exc:
                # A picture is worth more than its progress bar.
                logger.warning("the progress of run %s could not be recorded: %s", run_id, exc)

        return report
