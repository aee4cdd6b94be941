"""What the studio offers: models and actions."""

from typing import Annotated, Any, Literal

from pydantic import Field

from flora_mcp.studio.openapi.generations import RunStart
from flora_mcp.studio.openapi.operation import CREATED, Operation
from flora_mcp.studio.openapi.shapes import Answer, MediaType, Usd, absent
from flora_mcp.studio.routes.actions import NewActionRun

NotEmpty = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]


class Option(Answer):
    """One value that a parameter takes."""

    label: str
    value: str
    description: str = absent()


class ModelParameter(Answer):
    """A parameter of a model (sdk:resources/models.ts)."""

    name: NotEmpty
    type: Literal["string", "string[]", "bool", "int", "int?", "seed", "float", "dict"]
    required: bool
    default: Any = absent()
    min: float = absent()
    max: float = absent()
    label: str = absent()
    description: str = absent()
    options: list[Option] = absent()
    properties: dict[str, dict[str, Any]] = absent()


class Model(Answer):
    """A model that generations use (sdk:resources/models.ts)."""

    model_id: NotEmpty
    name: str
    type: MediaType
    provider: str
    capabilities: list[str]
    estimated_credits: Count
    estimated_seconds: Count
    beta: bool = absent()
    params: list[ModelParameter]


class Models(Answer):
    """All models, or those of one type."""

    models: list[Model]


class Several(Answer):
    """How many values a slot takes."""

    min: Count = absent()
    max: Count = absent()


class Slot(Answer):
    """An input or output of an action."""

    name: str
    type: MediaType
    optional: bool = absent()
    multiple: Literal[True] | Several = absent()


class ActionParameter(Answer):
    """A parameter of an action (sdk:resources/actions.ts)."""

    key: str
    type: str
    label: str = absent()
    info_tooltip: str = absent()
    default_value: Any = absent()
    available_values: list[Option] = absent()
    min_number_value: float = absent()
    max_number_value: float = absent()
    number_step: float = absent()


class Action(Answer):
    """Work on media or texts that needs no model, and costs nothing (sdk:resources/actions.ts)."""

    action_id: NotEmpty
    name: str
    description: str
    language: Literal["javascript", "python"]
    charged_cost: Usd
    inputs: list[Slot]
    outputs: list[Slot]
    params: list[ActionParameter]


class Actions(Answer):
    """All actions."""

    actions: list[Action]


OPERATIONS = (
    Operation(
        endpoint="GET /models",
        name="models.list",
        summary="Lists the models.",
        answer=Models,
        query={"type": {"type": "string", "enum": ["image", "video", "audio", "text"]}},
        refusals=(400,),
    ),
    Operation(endpoint="GET /actions", name="actions.list", summary="Lists the actions.", answer=Actions),
    Operation(
        endpoint="GET /actions/{action_id}",
        name="actions.retrieve",
        summary="Reads an action.",
        answer=Action,
        refusals=(404,),
    ),
    Operation(
        endpoint="POST /runs/action",
        name="actions.run",
        summary="Runs an action; the canvas shows nothing of it.",
        answer=RunStart,
        body=NewActionRun,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
)
