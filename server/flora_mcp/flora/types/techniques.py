"""Techniques: saved workflows, what they take and what they made."""

from __future__ import annotations

from flora_mcp.flora.types.jobs import RunState, TechniqueChoice
from flora_mcp.flora.types.values import Number, Shape


class TechniqueSlot(Shape):
    """One input or output of a technique (`sdk:resources/techniques/techniques.ts`)."""

    id: str
    """What a run's inputs name."""
    name: str | None = None
    type: str
    """`imageUrl`, `videoUrl`, `audioUrl`, `documentUrl` or `text`."""
    description: str | None = None
    optional: bool | None = None
    """May be left out; an empty text instead is refused (`skill:flora-run-technique`)."""
    accepts_element: bool | None = None
    """The value is the id of an element."""
    allow_multiple: bool | None = None
    """May be given several times: one run for each value."""
    specified_aspect_ratio: str | None = None
    """What the media has to have."""
    specified_duration: Number | None = None
    """In seconds, what the media has to last."""


class Technique(Shape):
    """A saved workflow (`sdk:resources/techniques/techniques.ts`)."""

    technique_id: str
    """Starts with `tech_`; calls also take its slug."""
    name: str
    description: str | None = None
    slug: str | None = None
    """Seen in FLORA's documentation, not in its SDK."""
    run_cost: Number | None = None
    """USD for one run."""
    inputs: list[TechniqueSlot] = []
    outputs: list[TechniqueSlot] = []


class TechniqueRun(RunState):
    """A run as `techniques.runs.list` tells it (`sdk:resources/techniques/runs.ts`)."""

    technique_run_id: str | None = None
    """The same as `run_id`."""
    project_id: str | None = None
    workspace_id: str | None = None
    technique: TechniqueChoice | None = None
