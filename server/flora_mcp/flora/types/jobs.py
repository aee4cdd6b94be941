"""What a started job answers: its start, its state and what it made."""

from __future__ import annotations

from typing import Literal

from flora_mcp.flora.types.values import JSON, Number, Shape

MediaType = Literal["image", "video", "audio", "text"]
"""What a generation makes."""

RunStatus = Literal["pending", "running", "completed", "failed"]
"""A run goes `pending`, `running`, then `completed` or `failed`; a cancelled one is `failed`."""

ENDED = ("completed", "failed")
UNDER_WAY = ("pending", "running")


class ModelChoice(Shape):
    """The model that a run uses."""

    model_id: str | None = None


class ActionChoice(Shape):
    """The action that a run runs."""

    action_id: str


class TechniqueChoice(Shape):
    """The technique that a run runs."""

    technique_id: str
    name: str | None = None


class RunStart(Shape):
    """A run that was accepted (`sdk:resources/runs.ts`)."""

    run_id: str
    """Starts with `run_`."""
    type: str
    """`generation`, `technique` or `action`."""
    charged_cost: Number | None = None
    """USD; a quote, the final cost is on the finished run and may differ."""
    estimated_seconds: Number | None = None
    model: ModelChoice | None = None
    technique: TechniqueChoice | None = None
    action: ActionChoice | None = None
    poll_url: str | None = None
    project_id: str | None = None


class Output(Shape):
    """One thing that a run made (`sdk:resources/runs.ts`)."""

    output_id: str
    type: str
    """`imageUrl`, `videoUrl`, `audioUrl`, `documentUrl` or `text`."""
    url: str
    """Public address of the media; for `text` the text itself."""


class RunState(Shape):
    """How a run stands (`sdk:resources/runs.ts`)."""

    run_id: str
    status: str
    """`pending`, `running`, `completed` or `failed`; the only field to branch on."""
    progress: Number = 0
    """0 to 100; a failed run also reports 100."""
    created_at: Number
    """Unix milliseconds (`choice`)."""
    started_at: Number | None = None
    completed_at: Number | None = None
    """Also set on a failed run."""
    charged_cost: Number | None = None
    """USD; may appear some time after completion."""
    error_code: str | None = None
    error_message: str | None = None
    outputs: list[Output] | None = None
    """Only when completed."""
    poll_url: str | None = None
    facts: dict[str, JSON] | None = None
    """What the local studio knows of the picture it made (`choice`): seed, width_px, height_px, alt_text and more."""

    @property
    def ended(self) -> bool:
        """True when the run will not change any more."""
        return self.status in ENDED or (self.status not in UNDER_WAY and self.completed_at is not None)


class Generation(RunState):
    """A run as `generations.list` tells it (`sdk:resources/generations.ts`)."""

    generation_id: str | None = None
    """The same as `run_id`."""
    project_id: str | None = None
    workspace_id: str | None = None
    model: ModelChoice | None = None
