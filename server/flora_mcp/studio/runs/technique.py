"""The work of a technique's run: its steps, each done once, those that wait for nothing at the same time."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, cast

from flora_mcp.studio.catalog import ActionCatalog, Catalog
from flora_mcp.studio.errors import RenderError, StepFailedError
from flora_mcp.studio.media import MediaStore
from flora_mcp.studio.renderers import JSON, RenderHost
from flora_mcp.studio.runs.run_work import RunWork
from flora_mcp.studio.runs.states import UNFINISHED
from flora_mcp.studio.runs.technique_progress import TechniqueProgress
from flora_mcp.studio.runs.technique_steps import Made, StepMaker, make_all
from flora_mcp.studio.runs.work import Journal
from flora_mcp.studio.store import Database, runs, techniques
from flora_mcp.studio.techniques import ActionStep, GenerationStep, Plan, TextStep, read_plan, seconds_of

logger = logging.getLogger(__name__)


class TechniqueRun(RunWork):
    """The work that runs techniques.

    Args:
        database: Where the run and the records of its steps are.
        media: Where its files go.
        renderers: What makes them.
        catalog: The models that steps name.
        actions: The actions that steps name.
        clock_ms: The wall clock, in Unix milliseconds.
        workspace_runs: How many runs of one workspace go on at once, on all machines; None for any number.
    """

    name = "technique"
    types = ("technique",)

    def __init__(
        self,
        *,
        database: Database,
        media: MediaStore,
        renderers: RenderHost,
        catalog: Catalog,
        actions: ActionCatalog,
        clock_ms: Callable[[], int],
        workspace_runs: int | None = None,
    ) -> None:
        super().__init__(database=database, renderers=renderers, clock_ms=clock_ms, workspace_runs=workspace_runs)
        self._media = media
        self._catalog = catalog
        self._actions = actions

    def perform(self, job_id: str, journal: Journal) -> None:
        if not journal.step("begin", self.begin, job_id):
            return
        outcome = journal.step("make", self.make, job_id)
        journal.step("settle", self.settle, job_id, outcome)
        journal.step("tidy", self.tidy, job_id)

    def make(self, run_id: str) -> dict[str, JSON]:
        """Does the steps that are not recorded as done, and records each.

        Steps end in no fixed order, so they are recorded in a table of their own and not in the journal; what a crash
        interrupts goes on with the steps that are not there.

        Returns:
            What `settle` needs: `files` and `facts`, or `error_code` and `error_message`.

        Raises:
            RendersClosed: The studio closes; the steps done so far stay recorded.
        """
        with self._database.reading() as connection:
            plan = read_plan(cast("dict[str, Any]", runs.get(connection, run_id)["params"]))
            done = {name: Made(**made) for name, made in techniques.steps_done(connection, run_id).items()}
        weights = {
            step.id: seconds_of(step, catalog=self._catalog, actions=self._actions)
            for step in plan.steps
            if not isinstance(step, TextStep)
        }
        progress = TechniqueProgress(database=self._database, run_id=run_id, weights=weights, done=tuple(done))
        maker = StepMaker(
            run_id=run_id,
            plan=plan,
            media=self._media,
            renderers=self._renderers,
            catalog=self._catalog,
            actions=self._actions,
        )

        def record(step_id: str, made: Made) -> None:
            with self._database.writing() as connection:
                # Another worker may have ended the run, when this one was taken for dead.
                if runs.get(connection, run_id)["status"] in UNFINISHED:
                    techniques.record_step(connection, run_id, step_id, made=vars(made))
            progress.finish(step_id)

        try:
            made = make_all(maker, done=done, progress=progress, record=record, lanes=self._renderers.capacity)
            return self._outcome(run_id, plan, made)
        except (StepFailedError, RenderError) as exc:
            logger.warning("run %s failed: %s", run_id, exc)
            return {"error_code": exc.code, "error_message": str(exc)}

    def settle(self, run_id: str, outcome: Mapping[str, JSON]) -> None:
        now_ms = self._clock_ms()
        with self._database.writing() as connection:
            if "error_code" in outcome:
                code, message = str(outcome["error_code"]), str(outcome["error_message"])
                runs.fail(connection, run_id, code=code, message=message, now_ms=now_ms)
            else:
                kept = cast("list[dict[str, Any]]", outcome["files"])
                files = [runs.NewOutput(**each) for each in kept]
                facts = cast("dict[str, JSON]", outcome["facts"])
                runs.complete(connection, run_id, files=files, node_ids=(), facts=facts, now_ms=now_ms)
            techniques.forget_steps(connection, run_id)

    def tidy(self, run_id: str) -> None:
        """Removes the files between the steps."""
        self._media.remove(StepMaker.room_between(run_id))

    def conclude(self, job_id: str) -> None:
        super().conclude(job_id)
        self.tidy(job_id)

    def give_up(self, job_id: str) -> None:
        super().give_up(job_id)
        self.tidy(job_id)

    def _outcome(self, run_id: str, plan: Plan, made: dict[str, Made]) -> dict[str, JSON]:
        """Returns the run's outputs: each is what a step has made, under the output's own id."""
        files: list[JSON] = []
        shown: dict[str, JSON] = {}
        for output in plan.outputs:
            source = made[output.source]
            several = len(source.files) > 1
            for number, file in enumerate(source.files, 1):
                output_id = f"{output.id}_{number}" if several else output.id
                files.append({**file, "output_id": output_id})
                shown[output_id] = {"step": output.source, **source.facts}
            if source.text is not None and not source.files:
                files.append(self._text_file(run_id, output.id, source.text))
                shown[output.id] = {"step": output.source}
        steps: list[JSON] = [
            {"id": step.id, "seconds": made[step.id].seconds, **_maker_of(step)}
            for step in plan.steps
            if not isinstance(step, TextStep)
        ]
        ignored = {word for each in made.values() for word in cast("list[str]", each.facts.get("ignored") or [])}
        facts: dict[str, JSON] = {"steps": steps, "outputs": shown, "ignored": [*sorted(ignored)]}
        if any(isinstance(step, GenerationStep) for step in plan.steps):
            facts["seed"] = plan.seed
        return {"files": files, "facts": facts}

    def _text_file(self, run_id: str, output_id: str, text: str) -> JSON:
        content = text.encode()
        file = self._media.write(content, owner_id=run_id, output_id=output_id, mime_type="text/plain")
        return {
            **vars(file),
            "output_id": output_id,
            "type": "text",
            "mime_type": "text/plain",
            "width_px": None,
            "height_px": None,
            "text": text,
        }


def _maker_of(step: GenerationStep | ActionStep) -> dict[str, JSON]:
    return {"model_id": step.model} if isinstance(step, GenerationStep) else {"action_id": step.action}
