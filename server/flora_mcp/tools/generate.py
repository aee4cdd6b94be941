"""The tool `generate`: one wish, one or several runs of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import anyio
from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field, Json
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.executions import Runs, TrackedRun
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import (
    FloraError,
    InsufficientCreditsError,
    InvalidParamsError,
    OutcomeUncertainError,
    SpendCapError,
)
from flora_mcp.outputs import OutputStore
from flora_mcp.tools import answer
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.tools.purse import Purse
from flora_mcp.tools.report import FINISHED, report, unfinished

DESCRIPTION = """Generates images (or video, audio, text) from a prompt, waits, and returns the pictures. \
Spends credits. Example: {"prompt": "a ceramic mug on a sunlit table", "count": 3, "params": {"aspect_ratio": "4:3"}}. \
Model, workspace and project have defaults; list_models names models and their params. If the runs are not done within \
the time budget, the answer names the run ids for `wait`: never call generate again for the same wish."""

PROJECT_NAME = "flora-mcp"
"""The project that generations go to when the call names none."""

HOPELESS = (InsufficientCreditsError, SpendCapError, InvalidParamsError)
"""After one of these no further run is tried: it would fail in the same way."""

AT_ONCE = 4
"""Requests that are under way together (`skill:flora-batch-generate`: batches are throttled per workspace)."""


class GenerateArguments(Arguments):
    prompt: Annotated[str, Field(min_length=1, description="What to make.")]
    type: Annotated[
        Literal["image", "video", "audio", "text"], Field(default="image", description="What kind of output.")
    ]
    model: Annotated[str | SkipJsonSchema[None], Field(default=None, description="A model id from list_models.")]
    params: Annotated[
        dict[str, Any] | SkipJsonSchema[Json[dict[str, Any]]],
        Field(default_factory=dict, description='Parameters of the model, e.g. {"aspect_ratio": "4:3"}.'),
    ]
    count: Annotated[int, Field(default=1, ge=1, le=20, description="How many; each is a run of its own.")]
    workspace_id: Annotated[str | SkipJsonSchema[None], Field(default=None, description="ws_…; the first by default.")]
    project_id: Annotated[
        str | SkipJsonSchema[None],
        Field(default=None, description=f"prj_…; a project named {PROJECT_NAME!r} by default."),
    ]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One of the runs that were asked for: started, or why not."""

    index: int
    run: TrackedRun | None = None
    error: FloraError | None = None


class Generate:
    """Starts the runs of one wish with one set of parameters, a few at a time."""

    def __init__(self, *, flora: Flora, runs: Runs, store: OutputStore, patience: Patience, purse: Purse) -> None:
        self.definition = Tool(
            name="generate",
            title="Generate",
            description=flora.rules.refusal("generations.create") or DESCRIPTION,
            input_schema=schema(GenerateArguments),
            annotations=ToolAnnotations(
                title="Generate", read_only_hint=False, destructive_hint=False, idempotent_hint=False
            ),
        )
        self._flora = flora
        self._runs = runs
        self._store = store
        self._patience = patience
        self._purse = purse
        self._choosing = anyio.Lock()

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        wish = read(GenerateArguments, arguments, tool="generate")
        forbidden = self._flora.rules.refusal("generations.create")
        if forbidden is not None:
            raise ToolError(forbidden)
        workspace_id = wish.workspace_id or await self._workspace()
        project_id = wish.project_id or await self._project(workspace_id)
        items = await self._start(wish, workspace_id, project_id)
        runs = [item.run for item in items if item.run is not None]
        errors = _not_started(items)
        if not runs:
            raise _nothing_started(items)
        done = await self._patience.wait(
            lambda: self._runs.settled(runs), progress=progress, watched=lambda: runs, idle=lambda: "starting"
        )
        told = await report(runs, store=self._store, purse=self._purse)
        lead = FINISHED if done else f"Not done yet: call wait with ids {unfinished(runs)}. Do not generate again."
        place = f"Project {project_id} of workspace {workspace_id}."
        failed = all(run.status == "failed" for run in runs)
        return await answer.pictures("\n".join([lead, *errors, told.text, place]), told.outputs, is_error=failed)

    async def _start(self, wish: GenerateArguments, workspace_id: str, project_id: str) -> list[Item]:
        """Starts each run, a few at a time; stops starting when what refused one would refuse all."""
        items: list[Item] = []
        limiter = anyio.CapacityLimiter(AT_ONCE)
        broke: list[FloraError] = []

        async def start(index: int) -> None:
            async with limiter:
                if broke:
                    items.append(Item(index=index, error=broke[0]))
                    return
                try:
                    run = await self._create(wish, index, workspace_id, project_id)
                except FloraError as exc:
                    if isinstance(exc, HOPELESS):
                        broke.append(exc)
                    items.append(Item(index=index, error=exc))
                else:
                    items.append(Item(index=index, run=run))

        async with anyio.create_task_group() as tasks:
            for index in range(wish.count):
                tasks.start_soon(start, index)
        return sorted(items, key=lambda item: item.index)

    async def _create(self, wish: GenerateArguments, index: int, workspace_id: str, project_id: str) -> TrackedRun:
        """Starts one run. Of several with a given seed, each further one takes the next seed."""
        params = dict(wish.params)
        if index and isinstance(params.get("seed"), int):
            params["seed"] += index
        with anyio.CancelScope(shield=True):  # a run that is being paid for is not lost by a cancelled call
            start = await self._flora.generations.create(
                type=wish.type,
                prompt=wish.prompt,
                workspace_id=workspace_id,
                project_id=project_id,
                model=wish.model,
                params=params or None,
            )
        return self._runs.track(
            start.run_id,
            model_id=start.model.model_id if start.model is not None else wish.model,
            workspace_id=workspace_id,
            quoted_cost_usd=start.charged_cost,
        )

    async def _workspace(self) -> str:
        async for workspace in self._flora.own.workspaces.list():
            return workspace.workspace_id
        raise ToolError("The key has no workspace. Create one in FLORA, or pass workspace_id.")

    async def _project(self, workspace_id: str) -> str:
        """Finds the default project of the workspace, or creates it; never two of them at once."""
        async with self._choosing:
            async for project in self._flora.own.projects.list(workspace_id=workspace_id, query=PROJECT_NAME):
                if project.name == PROJECT_NAME:
                    return project.project_id
            project = await self._flora.projects.create(name=PROJECT_NAME, workspace_id=workspace_id)
            return project.project_id


def _reason(error: FloraError) -> str:
    return error.problems if isinstance(error, InvalidParamsError) else str(error)


def _not_started(items: Sequence[Item]) -> list[str]:
    """Returns each reason once, with the items that it kept from starting."""
    reasons: dict[str, list[int]] = {}
    for item in items:
        if item.error is not None:
            reasons.setdefault(_reason(item.error), []).append(item.index + 1)
    return [
        f"Not started, of {len(items)}: number {', '.join(map(str, numbers))}: {reason}"
        for reason, numbers in reasons.items()
    ]


def _nothing_started(items: Sequence[Item]) -> ToolError:
    """Says why; and says that nothing was spent only when that is certain."""
    errors = [item.error for item in items if item.error is not None]
    uncertain = any(isinstance(error, OutcomeUncertainError) for error in errors)
    lead = "Perhaps something was started and billed." if uncertain else "Nothing was started, nothing was spent."
    return ToolError("\n".join([lead, *dict.fromkeys(_reason(error) for error in errors)]))
