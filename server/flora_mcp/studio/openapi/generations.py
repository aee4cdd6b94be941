"""Runs: what starts one, how it stands, and what came of it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from flora_mcp.studio.openapi.operation import CREATED, IDS, PAGE, STATUS, Operation
from flora_mcp.studio.openapi.shapes import Answer, Meta, ProjectId, RunId, Time, Url, Usd, WorkspaceId, absent
from flora_mcp.studio.routes.requests import NewGeneration

Status = Literal["pending", "running", "completed", "failed"]


class ModelRef(Answer):
    """The model that a run uses."""

    model_id: str | None


class TechniqueRef(Answer):
    """The technique that a run runs."""

    technique_id: str
    name: str


class ActionRef(Answer):
    """The action that a run runs."""

    action_id: str


class RunStart(Answer):
    """A run that was accepted; `charged_cost` is a quote (sdk:resources/runs.ts)."""

    run_id: RunId
    type: Literal["generation", "technique", "action"]
    charged_cost: Usd
    estimated_seconds: Annotated[int, Field(ge=0)] | None
    model: ModelRef | None = absent()
    technique: TechniqueRef | None = absent()
    action: ActionRef | None = absent()
    poll_url: Url = absent()
    project_id: ProjectId | None = absent()


class Output(Answer):
    """One thing that a run made; of a text `url` is the text itself."""

    output_id: str
    type: Literal["imageUrl", "videoUrl", "audioUrl", "text", "documentUrl"]
    url: str


class RunState(Answer):
    """How a run stands; what is not known yet is absent (sdk:resources/generations.ts)."""

    run_id: RunId
    status: Status
    progress: Annotated[float, Field(ge=0, le=100)]
    created_at: Time
    started_at: Time = absent()
    completed_at: Time = absent()
    charged_cost: Usd = absent()
    error_code: str = absent()
    error_message: str = absent()
    outputs: list[Output] = absent()
    poll_url: Url = absent()
    facts: dict[str, Any] = absent()
    """What the studio knows of its work; not FLORA's (choice)."""


class Generation(RunState):
    """A generation in a list."""

    generation_id: RunId
    project_id: ProjectId
    workspace_id: WorkspaceId
    model: ModelRef = absent()


class Generations(Answer):
    """A page of generations, newest first."""

    generations: list[Generation]
    meta: Meta


OPERATIONS = (
    Operation(
        endpoint="POST /generate",
        name="generations.create",
        summary="Starts a generation.",
        answer=RunStart,
        body=NewGeneration,
        status=CREATED,
        refusals=(400, 402, 404),
        keyed=True,
    ),
    Operation(
        endpoint="POST /runs/generation",
        name="runs.startGeneration",
        summary="Starts a generation; the older way.",
        answer=RunStart,
        body=NewGeneration,
        status=CREATED,
        refusals=(400, 402, 404),
        keyed=True,
    ),
    Operation(
        endpoint="GET /runs/{run_id}",
        name="generations.retrieve",
        summary="Reads how a run stands.",
        answer=RunState,
        refusals=(400, 404),
    ),
    Operation(
        endpoint="GET /generations",
        name="generations.list",
        summary="Lists generations.",
        answer=Generations,
        query={
            "workspace_id": IDS["workspace_id"],
            "project_id": IDS["project_id"],
            "status": STATUS,
            **PAGE,
        },
        refusals=(400, 404),
    ),
)
