"""What the shapes of FLORA's answers have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, JsonValue

JSON = JsonValue
"""A value as JSON has it."""

Number = int | float
"""A JSON number, kept as it was written."""


class Shape(BaseModel):
    """Part of an answer. Fields that FLORA adds later are kept and passed on."""

    model_config = ConfigDict(extra="allow", frozen=True, protected_namespaces=())

    def plain(self) -> dict[str, JsonValue]:
        """Returns the answer as it came: only what FLORA sent, all that FLORA sent."""
        dumped: dict[str, JsonValue] = self.model_dump(mode="json", exclude_unset=True, by_alias=True)
        return dumped


def optional_fields() -> frozenset[str]:
    """Returns the names of all fields that an answer may lack, over all shapes."""
    waiting: list[type[Shape]] = [Shape]
    names: set[str] = set()
    while waiting:
        shape = waiting.pop()
        waiting.extend(shape.__subclasses__())
        names.update(field.alias or name for name, field in shape.model_fields.items() if not field.is_required())
    return frozenset(names)
