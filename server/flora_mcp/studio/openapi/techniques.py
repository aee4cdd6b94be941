"""Techniques, and what runs them."""

from typing import Literal

from flora_mcp.studio.openapi.generations import RunStart, RunState, TechniqueRef
from flora_mcp.studio.openapi.operation import CREATED, IDS, PAGE, STATUS, Operation
from flora_mcp.studio.openapi.shapes import Answer, Meta, ProjectId, RunId, TechniqueId, Usd, WorkspaceId, absent
from flora_mcp.studio.routes.technique_runs import NewTechniqueRun, StartedTechnique


class TechniqueSlot(Answer):
    """An input or output of a technique (sdk:resources/techniques/techniques.ts)."""

    id: str
    name: str
    type: Literal["imageUrl", "videoUrl", "audioUrl", "text", "documentUrl"]
    description: str = absent()
    optional: bool = absent()
    accepts_element: bool = absent()
    allow_multiple: bool = absent()
    specified_aspect_ratio: str = absent()
    specified_duration: float = absent()


class Technique(Answer):
    """Steps that make something of inputs, under a name (sdk:resources/techniques/techniques.ts)."""

    technique_id: TechniqueId
    slug: str
    name: str
    description: str | None = absent()
    run_cost: Usd
    inputs: list[TechniqueSlot]
    outputs: list[TechniqueSlot]


class Techniques(Answer):
    """A page of techniques."""

    techniques: list[Technique]
    meta: Meta


class StartedRun(RunState):
    """A run of a technique that was just started; `runs` tells of all, when there are several (choice)."""

    runs: list[RunState] = absent()


class StartedTechniqueRun(RunStart):
    """A run of a technique by the older way; `runs` tells of all, when there are several (choice)."""

    runs: list[RunStart] = absent()


class TechniqueRun(RunState):
    """A run of a technique in a list."""

    technique_run_id: RunId
    project_id: ProjectId | None
    workspace_id: WorkspaceId
    technique: TechniqueRef


class TechniqueRuns(Answer):
    """A page of runs of techniques, newest first."""

    technique_runs: list[TechniqueRun]
    meta: Meta


OPERATIONS = (
    Operation(
        endpoint="GET /techniques",
        name="techniques.list",
        summary="Lists the techniques that can be run.",
        answer=Techniques,
        query={"workspace_id": IDS["workspace_id"], "query": {"type": "string"}, **PAGE},
        refusals=(400, 404),
    ),
    Operation(
        endpoint="GET /techniques/{technique_id}",
        name="techniques.retrieve",
        summary="Reads a technique by its id or its slug.",
        answer=Technique,
        refusals=(404,),
    ),
    Operation(
        endpoint="POST /techniques/{technique_id}/runs",
        name="techniques.runs.create",
        summary="Runs a technique; asked again with the same key, answers with the run of before.",
        answer=StartedRun,
        body=NewTechniqueRun,
        status=CREATED,
        replays=True,
        refusals=(400, 402, 404, 422),
        keyed=True,
    ),
    Operation(
        endpoint="GET /techniques/{technique_id}/runs/{run_id}",
        name="techniques.runs.retrieve",
        summary="Reads how a run of a technique stands.",
        answer=RunState,
        refusals=(400, 404),
    ),
    Operation(
        endpoint="GET /technique-runs",
        name="techniques.runs.list",
        summary="Lists runs of techniques.",
        answer=TechniqueRuns,
        query={
            "workspace_id": IDS["workspace_id"],
            "project_id": IDS["project_id"],
            "technique_id": IDS["technique_id"],
            "status": STATUS,
            **PAGE,
        },
        refusals=(400, 404),
    ),
    Operation(
        endpoint="POST /runs/technique",
        name="runs.startTechnique",
        summary="Runs a technique; the older way.",
        answer=StartedTechniqueRun,
        body=StartedTechnique,
        status=CREATED,
        refusals=(400, 402, 404),
        keyed=True,
    ),
)
