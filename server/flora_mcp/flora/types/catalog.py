"""What can be asked of FLORA: its models and their parameters."""

from __future__ import annotations

from flora_mcp.flora.types.values import JSON, Number, Shape


class ModelOption(Shape):
    """One accepted value of a parameter (`sdk:resources/models.ts`)."""

    label: str | None = None
    value: str
    description: str | None = None


class ModelParam(Shape):
    """One entry that a model reads from `params` (`sdk:resources/models.ts`)."""

    name: str
    type: str
    """`string`, `string[]`, `bool`, `int`, `int?`, `seed`, `float` or `dict`."""
    required: bool = False
    default: JSON = None
    min: Number | None = None
    max: Number | None = None
    label: str | None = None
    description: str | None = None
    options: list[ModelOption] | None = None
    """The accepted values. FLORA ignores another one, and bills the run; this client refuses it before."""
    properties: dict[str, JSON] | None = None
    """For `dict`: each key with its `min`, `max` and `default`."""


class Model(Shape):
    """A generation endpoint (`sdk:resources/models.ts`)."""

    model_id: str
    """What `generations.create` takes as `model`; its first letters tell what goes in and what comes out: `i2v-…`."""
    name: str
    type: str
    """What comes out: `image`, `video`, `audio` or `text`."""
    provider: str | None = None
    capabilities: list[str] = []
    estimated_credits: Number | None = None
    """1 credit = 0.001 USD; 0 is a gap in the catalogue, not a price."""
    estimated_seconds: Number | None = None
    beta: bool = False
    params: list[ModelParam] = []
