"""The tool `generate`: one wish, one or several runs of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import anyio
from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field, Json
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.executions import Execution, Executions, Runs, Status, TrackedRun
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import (
    FloraError,
    InsufficientCreditsError,
    InvalidParamsError,
    OutcomeUncertainError,
    SpendCapError,
)
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.patience import Progress
from flora_mcp.tools.wishes import Wishes

DESCRIPTION = """Generates images (or video, audio, text) from a prompt, waits, and returns the pictures. \
Spends credits. Example: {"prompt": "a ceramic mug", "count": 3, "params": {"aspect_ratio": "4:3"}}. \
If the answer names run ids, `wait` takes them up: do not call generate again for them."""

PROJECT_NAME = "flora-mcp"
"""The project that generations go to when the call names none."""

HOPELESS = (InsufficientCreditsError, SpendCapError, InvalidParamsError)
"""After one of these no further run is tried: it would fail in the same way."""

AT_ONCE = 4
"""Requests that are under way together (`skill:flora-batch-generate`: batches are throttled per workspace)."""


class GenerateArguments(Arguments):
    prompt: Annotated[str, Field(min_length=1)]
    type: Annotated[Literal["image", "video", "audio", "text"], Field(default="image")]
    model: Annotated[str | SkipJsonSchema[None], Field(default=None, description="An id from list_models.")]
    params: Annotated[
        dict[str, Any] | SkipJsonSchema[Json[dict[str, Any]]],
        Field(default_factory=dict, description="Of the model; list_models names them."),
    ]
    count: Annotated[int, Field(default=1, ge=1, le=20)]
    workspace_id: Annotated[str | SkipJsonSchema[None], Field(default=None)]
    project_id: Annotated[
        str | SkipJsonSchema[None],
        Field(default=None),
    ]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where runs are filed."""

    workspace_id: str
    project_id: str


class Generate:
    """Starts the runs of one wish with one set of parameters, a few at a time."""

    def __init__(self, *, flora: Flora, runs: Runs, executions: Executions, wishes: Wishes) -> None:
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
        self._executions = executions
        self._wishes = wishes
        self._choosing = anyio.Lock()

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        wish = read(GenerateArguments, arguments, tool="generate")
        forbidden = self._flora.rules.refusal("generations.create")
        if forbidden is not None:
            raise ToolError(forbidden)
        content = json.dumps(wish.model_dump(mode="json"), sort_keys=True)
        taken = self._executions.wish(content, lambda execution: self._fulfil(execution, wish))
        return await self._wishes.follow(taken.execution, progress, again=taken.again)

    async def _fulfil(self, execution: Execution, wish: GenerateArguments) -> Status:
        """Starts the runs; what kept any from starting is noted with the execution."""
        try:
            workspace_id = wish.workspace_id or await self._workspace()
            project_id = wish.project_id or await self._project(workspace_id)
        except (FloraError, ToolError) as exc:
            execution.fault = str(exc)
            return "failed"
        place = Place(workspace_id=workspace_id, project_id=project_id)
        errors = await self._start(execution, wish, place)
        reasons = _not_started(errors, count=wish.count)
        execution.notes = [*reasons, f"Project {project_id} of workspace {workspace_id}."]
        if not execution.runs:
            execution.fault = _nothing_started(errors)
        return "completed" if execution.runs else "failed"

    async def _start(self, execution: Execution, wish: GenerateArguments, place: Place) -> dict[int, FloraError]:
        """Starts each run, a few at a time; stops starting when what refused one would refuse all.

        Returns why runs were not started, by their index.
        """
        errors: dict[int, FloraError] = {}
        started: dict[int, TrackedRun] = {}
        limiter = anyio.CapacityLimiter(AT_ONCE)
        broke: list[FloraError] = []

        async def start(index: int) -> None:
            async with limiter:
                if broke:
                    errors[index] = broke[0]
                    return
                try:
                    await self._executions.gate.pay(
                        execution, f"Run {index + 1} of {wish.count}", lambda: create(index)
                    )
                except FloraError as exc:
                    errors[index] = exc
                    if isinstance(exc, HOPELESS):
                        broke.append(exc)

        async def create(index: int) -> None:
            started[index] = await self._create(wish, index, place)
            execution.runs = [run for _, run in sorted(started.items())]

        async with anyio.create_task_group() as tasks:
            for index in range(wish.count):
                tasks.start_soon(start, index)
        return errors

    async def _create(self, wish: GenerateArguments, index: int, place: Place) -> TrackedRun:
        """Starts one run. Of several with a given seed, each further one takes the next seed."""
        params = dict(wish.params)
        if index and isinstance(params.get("seed"), int):
            params["seed"] += index
        start = await self._flora.generations.create(
            type=wish.type,
            prompt=wish.prompt,
            workspace_id=place.workspace_id,
            project_id=place.project_id,
            model=wish.model,
            params=params or None,
        )
        return self._runs.track(
            start.run_id,
            model_id=start.model.model_id if start.model is not None else wish.model,
            workspace_id=place.workspace_id,
            prompt=wish.prompt,
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


def _not_started(errors: Mapping[int, FloraError], *, count: int) -> list[str]:
    """Returns each reason once, with the runs that it kept from starting."""
    reasons: dict[str, list[int]] = {}
    for index, error in sorted(errors.items()):
        reasons.setdefault(_reason(error), []).append(index + 1)
    return [
        f"Not started, of {count}: number {', '.join(map(str, numbers))}: {reason}"
        for reason, numbers in reasons.items()
    ]


def _nothing_started(errors: Mapping[int, FloraError]) -> str:
    """Says why; and says that nothing was spent only when that is certain."""
    uncertain = any(isinstance(error, OutcomeUncertainError) for error in errors.values())
    lead = "Perhaps something was started and billed." if uncertain else "Nothing was started, nothing was spent."
    return "\n".join([lead, *dict.fromkeys(_reason(error) for error in errors.values())])
