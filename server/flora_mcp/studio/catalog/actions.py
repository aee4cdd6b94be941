"""Action descriptions, read from `actions.json`, and the checks they imply."""

import math
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from flora_mcp.studio import errors
from flora_mcp.studio.renderers.rendering import JSON

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")

MOST_TEXT_CHARACTERS = 10_000


class ActionParameter(BaseModel):
    """One entry of an action's `params` (sdk:resources/actions.ts). Ranges and defaults are ours (choice)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    type: Literal["number", "select", "boolean", "color", "text", "point"]
    label: str
    info_tooltip: str | None = None
    default_value: Any
    available_values: tuple[str, ...] | None = None
    min_number_value: float | None = None
    max_number_value: float | None = None
    number_step: float | None = None

    def fault(self, value: JSON) -> str | None:
        """Returns what is wrong with a value, None when nothing is."""
        accepted = self._accepted(value)
        return None if accepted is None else f"{_shown(value)} is not accepted; use {accepted}."

    def wire(self) -> dict[str, JSON]:
        found: dict[str, JSON] = self.model_dump(mode="json", exclude_none=True)
        if self.available_values is not None:
            found["available_values"] = [{"label": value, "value": value} for value in self.available_values]
        return found

    def _accepted(self, value: JSON) -> str | None:
        """Returns None for a good value, else what would be one."""
        if self.available_values is not None:
            return None if value in self.available_values else f"one of {', '.join(self.available_values)}"
        bounds = f"from {self.min_number_value} to {self.max_number_value}"
        if self.type == "number":
            whole = "a whole number" if self._whole else "a number"
            good = self._in_range(value) and (not self._whole or float(value) == int(value))  # type: ignore[arg-type]
            return None if good else f"{whole} {bounds}"
        if self.type == "point":
            good = isinstance(value, dict) and set(value) == {"x", "y"} and all(map(self._in_range, value.values()))
            return None if good else f"an object of x and y, each {bounds}"
        if self.type == "boolean":
            return None if isinstance(value, bool) else "true or false"
        if self.type == "color":
            good = isinstance(value, str) and _COLOUR.fullmatch(value) is not None
            return None if good else "a colour such as '#ff8800'"
        good = isinstance(value, str) and len(value) <= MOST_TEXT_CHARACTERS
        return None if good else f"a text of at most {MOST_TEXT_CHARACTERS} characters"

    @property
    def _whole(self) -> bool:
        # What counts or measures pixels has steps of one and begins above zero.
        return self.number_step == 1 and self.min_number_value is not None and self.min_number_value >= 1

    def _in_range(self, value: JSON) -> bool:
        assert self.min_number_value is not None
        assert self.max_number_value is not None
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return False
        return self.min_number_value <= value <= self.max_number_value


class Several(BaseModel):
    """How many values a slot takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min: int = 1
    max: int


class Slot(BaseModel):
    """One input or output of an action (sdk:resources/actions.ts)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    type: Literal["image", "video", "text", "audio"]
    multiple: Several | None = None

    @property
    def least(self) -> int:
        return self.multiple.min if self.multiple else 1

    @property
    def most(self) -> int:
        return self.multiple.max if self.multiple else 1


class Action(BaseModel):
    """One action of the catalogue."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    action_id: str
    name: str
    description: str
    estimated_seconds: int = Field(ge=0)
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    params: tuple[ActionParameter, ...]

    def resolve(self, given: Mapping[str, JSON]) -> dict[str, JSON]:
        """Returns a value for every parameter: as given, else the default.

        Raises:
            ApiError: 400, with every parameter that is unknown or has a wrong value (docs:actions).
        """
        known = {parameter.key: parameter for parameter in self.params}
        fields = []
        for key, value in given.items():
            if key not in known:
                message = f"{self.action_id} has no such parameter; it takes {', '.join(known)}."
                fields.append(errors.Field(field=f"params.{key[:80]}", message=message))
            elif (fault := known[key].fault(value)) is not None:
                fields.append(errors.Field(field=f"params.{key}", message=fault))
        if fields:
            raise errors.invalid_fields(fields)
        return {key: given.get(key, parameter.default_value) for key, parameter in known.items()}

    def slots_of(self, given: list[tuple[str, str | None]]) -> list[str]:
        """Returns the slot of each input, told by its name, else the first of its type that has room (choice).

        Args:
            given: The type and the name of each input, in order.

        Raises:
            ApiError: 400, with every input that has no slot and every slot that is short.
        """
        taken = {slot.name: 0 for slot in self.inputs}
        fields, found = [], []
        for number, (kind, name) in enumerate(given):
            fitting = [slot for slot in self.inputs if slot.type == kind and name in (None, slot.name)]
            slot = next((each for each in fitting if taken[each.name] < each.most), None)
            if slot is None:
                message = f"There is no room for {kind} {name!r}; {self.action_id} takes {self._takes()}."
                fields.append(errors.Field(field=f"inputs.{number}", message=message))
                continue
            taken[slot.name] += 1
            found.append(slot.name)
        for slot in self.inputs:
            if taken[slot.name] < slot.least:
                message = f"Required; {self.action_id} takes {self._takes()}."
                fields.append(errors.Field(field=f"inputs.{slot.name}", message=message))
        if fields:
            raise errors.invalid_fields(fields)
        return found

    def wire(self) -> dict[str, JSON]:
        """Returns the action as `GET /actions` gives it; actions cost nothing (skill)."""
        return {
            "action_id": self.action_id,
            "name": self.name,
            "description": self.description,
            "language": "python",
            "charged_cost": 0,
            "inputs": [slot.model_dump(mode="json", exclude_none=True) for slot in self.inputs],
            "outputs": [slot.model_dump(mode="json", exclude_none=True) for slot in self.outputs],
            "params": [parameter.wire() for parameter in self.params],
        }

    def _takes(self) -> str:
        return ", ".join(
            f"{slot.least} to {slot.most} {slot.type} inputs {slot.name!r}"
            if slot.multiple
            else f"one {slot.type} {slot.name!r}"
            for slot in self.inputs
        )


class ActionCatalog:
    """The actions by id."""

    def __init__(self, actions: tuple[Action, ...]) -> None:
        self.actions = actions
        self._by_id = {action.action_id: action for action in actions}

    def get(self, action_id: str) -> Action:
        """Returns an action.

        Raises:
            ApiError: 404, there is none; the message lists the ids there are.
        """
        action = self._by_id.get(action_id)
        if action is None:
            ids = ", ".join(self._by_id)
            raise errors.not_found(f"Action {action_id[:80]!r} was not found; this studio has {ids}.", public=True)
        return action


def load_actions() -> ActionCatalog:
    """Reads the actions that ship with the package."""
    text = (resources.files(__package__) / "actions.json").read_text(encoding="utf-8")
    found: dict[str, Any] = TypeAdapter(dict[str, Any]).validate_json(text)
    return ActionCatalog(TypeAdapter(tuple[Action, ...]).validate_python(found["actions"]))


def _shown(value: JSON) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"
