"""Model descriptions, read from `models.json`, and the checks they imply."""

from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from flora_mcp.studio import errors
from flora_mcp.studio.renderers.rendering import JSON

ModelType = Literal["image", "video", "audio", "text"]
MODEL_TYPES: tuple[ModelType, ...] = ("image", "video", "audio", "text")


class Parameter(BaseModel):
    """One entry of a model's `params` (sdk:resources/models.ts)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: Literal["string", "seed"]
    required: bool
    default: str | int | None = None
    min: int | None = None
    max: int | None = None
    label: str
    description: str
    options: tuple[str, ...] | None = None

    def check(self, value: JSON) -> JSON:
        """Returns the value.

        Raises:
            ApiError: The value is not accepted. FLORA itself runs such a request at the default and
                bills it; this studio refuses (choice).
        """
        field = f"params.{self.name}"
        if self.options is not None:
            if value not in self.options:
                raise errors.invalid(field, f"{_shown(value)} is not accepted; use one of {', '.join(self.options)}.")
            return value
        assert self.min is not None
        assert self.max is not None
        if type(value) is not int or not self.min <= value <= self.max:
            raise errors.invalid(
                field, f"{_shown(value)} is not accepted; use a whole number from {self.min} to {self.max}."
            )
        return value

    def wire(self) -> dict[str, JSON]:
        found: dict[str, JSON] = self.model_dump(mode="json", exclude_none=True)
        if self.options is not None:
            found["options"] = [{"label": option, "value": option} for option in self.options]
        return found


class Model(BaseModel):
    """One model of the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model_id: str
    name: str
    type: ModelType
    provider: str
    capabilities: tuple[str, ...]
    estimated_credits: int = Field(ge=0)
    estimated_seconds: int = Field(ge=0)
    params: tuple[Parameter, ...]

    def resolve(self, given: Mapping[str, JSON]) -> dict[str, JSON]:
        """Returns a value for every parameter: as given, else the default, else None.

        Raises:
            ApiError: A parameter is unknown or its value is not accepted.
        """
        known = {parameter.name: parameter for parameter in self.params}
        for name in given:
            if name not in known:
                raise errors.invalid(
                    f"params.{name[:80]}", f"{self.model_id} has no such parameter; it takes {', '.join(known)}."
                )
        return {
            name: parameter.default if given.get(name) is None else parameter.check(given[name])
            for name, parameter in known.items()
        }

    def wire(self) -> dict[str, JSON]:
        """Returns the model as `GET /models` gives it."""
        found: dict[str, JSON] = self.model_dump(mode="json")
        found["params"] = [parameter.wire() for parameter in self.params]
        return found


class Catalog:
    """The models by id; the first of a type is what a request without `model` gets."""

    def __init__(self, models: tuple[Model, ...]) -> None:
        self.models = models

    def of_type(self, model_type: str) -> tuple[Model, ...]:
        return tuple(model for model in self.models if model.type == model_type)

    def choose(self, *, model_type: str, model_id: str | None) -> Model:
        """Returns the model for a request.

        Raises:
            ApiError: There is none; the message lists the ids there are.
        """
        offered = self.of_type(model_type)
        if not offered:
            types = ", ".join(sorted({model.type for model in self.models}))
            raise errors.invalid("type", f"This studio has no {model_type} model yet; it has models of type {types}.")
        if model_id is None:
            return offered[0]
        for model in offered:
            if model.model_id == model_id:
                return model
        ids = ", ".join(model.model_id for model in offered)
        raise errors.invalid("model", f"{_shown(model_id)} is no {model_type} model of this studio; use one of {ids}.")


def load_catalog() -> Catalog:
    """Reads the catalogue that ships with the package."""
    text = (resources.files(__package__) / "models.json").read_text(encoding="utf-8")
    found: dict[str, Any] = TypeAdapter(dict[str, Any]).validate_json(text)
    return Catalog(TypeAdapter(tuple[Model, ...]).validate_python(found["models"]))


def _shown(value: JSON) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
