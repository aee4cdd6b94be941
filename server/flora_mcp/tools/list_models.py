"""The tool `list_models`: what can be generated with, at what price, and with which parameters."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.docs_search import model_parameter
from flora_mcp.flora import Flora
from flora_mcp.flora.spending.prices import USD_PER_CREDIT
from flora_mcp.flora.types import Model
from flora_mcp.tools import answer
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.errors import ToolError

DESCRIPTION = (
    """Lists the models that can be generated with: id, type, price, time, params. Example: {"type": "image"}."""
)

DETAILED = 8
"""Up to so many models are listed with the description of each parameter."""


class ListModelsArguments(Arguments):
    type: Annotated[
        Literal["image", "video", "audio", "text"] | SkipJsonSchema[None],
        Field(default=None),
    ]
    model: Annotated[str | SkipJsonSchema[None], Field(default=None)]


class ListModels:
    definition = Tool(
        name="list_models",
        title="List models",
        description=DESCRIPTION,
        input_schema=schema(ListModelsArguments),
        annotations=ToolAnnotations(title="List models", read_only_hint=True, idempotent_hint=True),
    )

    def __init__(self, *, flora: Flora, money: str) -> None:
        self._flora = flora
        self._money = money

    async def __call__(self, arguments: Mapping[str, Any], progress: object) -> CallToolResult:
        wanted = read(ListModelsArguments, arguments, tool="list_models")
        models = [model async for model in self._flora.models.list(type=wanted.type)]
        if wanted.model is not None:
            models = [model for model in models if model.model_id == wanted.model]
            if not models:
                raise ToolError(f"No model {wanted.model!r} is available here. Call list_models without it to see all.")
        if not models:
            return answer.words(f"No {wanted.type or ''} models are available here.".replace("  ", " "))
        lines = [line for model in models for line in self._lines(model, detailed=len(models) <= DETAILED)]
        return answer.words("\n".join([f"{len(models)} models.", *lines]))

    def _lines(self, model: Model, *, detailed: bool) -> list[str]:
        price = (
            f"about {model.estimated_credits * USD_PER_CREDIT:.3f} {self._money}"
            if model.estimated_credits
            else "price unknown"
        )
        seconds = f"about {model.estimated_seconds} s"
        head = f"- {model.model_id} ({model.type}): {model.name}, {model.provider}, {price}, {seconds}"
        if not detailed:
            names = ", ".join(param.name for param in model.params)
            return [f"{head}; params: {names}" if names else head]
        return [head, *(f"    {model_parameter(param)}" for param in model.params)]
