"""Actions: ready-made tools that change media without a model."""

from __future__ import annotations

from flora_mcp.flora.types.values import JSON, Number, Shape


class ActionSlot(Shape):
    """One input or output of an action (`sdk:resources/actions.ts`)."""

    name: str
    type: str
    """`image`, `video`, `audio` or `text`."""
    optional: bool | None = None
    multiple: JSON = None
    """True for any number, or an object with `min` and `max`."""
    dynamic: bool | None = None
    """Deprecated: says what `multiple` says."""


class ActionOption(Shape):
    """One accepted value of an action's parameter."""

    label: str | None = None
    value: str
    description: str | None = None


class ActionParam(Shape):
    """One entry that an action reads from `params`; a key it does not have is refused."""

    key: str
    type: str
    """The control that FLORA shows, such as `select`."""
    label: str | None = None
    info_tooltip: str | None = None
    default_value: JSON = None
    available_values: list[ActionOption] | None = None
    min_number_value: Number | None = None
    max_number_value: Number | None = None
    number_step: Number | None = None


class Action(Shape):
    """A ready-made tool (`sdk:resources/actions.ts`)."""

    action_id: str
    """A slug such as `resize-image-browser`; it has no prefix."""
    name: str
    description: str | None = None
    language: str | None = None
    """`javascript` or `python`."""
    charged_cost: Number | None = None
    """USD for one run."""
    inputs: list[ActionSlot] = []
    outputs: list[ActionSlot] = []
    params: list[ActionParam] = []


class ActionNode(Shape):
    """An action that was put on a canvas (`sdk:resources/projects/actions.ts`)."""

    action_id: str
    node_id: str
    project_id: str
    canvas_url: str | None = None
