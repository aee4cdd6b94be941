"""A tool's arguments: one model gives the schema that clients see and the check that calls pass."""

import difflib
import re
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from flora_mcp.tools.errors import ArgumentsError

UNTOLD = frozenset({"title", "minLength"})
"""What the schema leaves out: the list of tools is read before every conversation, and the check says it all."""


class Arguments(BaseModel):
    """The arguments of one tool. Unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_ArgumentsT = TypeVar("_ArgumentsT", bound=Arguments)


def schema(model: type[Arguments]) -> dict[str, Any]:
    """Returns the JSON Schema of the arguments in the plain form that every client reads.

    Optional arguments carry no `null` and no default of null: some clients send what they see.
    """
    properties = {name: _plain(each) for name, each in model.model_json_schema()["properties"].items()}
    required = [name for name, each in model.model_fields.items() if each.is_required()]
    made = {"type": "object", "properties": properties, "additionalProperties": False}
    # An empty list says nothing, and older drafts of JSON Schema forbid it.
    return {**made, "required": required} if required else made


def read(model: type[_ArgumentsT], arguments: Mapping[str, Any], *, tool: str) -> _ArgumentsT:
    """Checks the arguments of one call.

    Raises:
        ArgumentsError: names every argument that does not fit, and what is accepted.
    """
    given = {name: value for name, value in arguments.items() if value is not None}
    try:
        return model.model_validate(given)
    except ValidationError as exc:
        names = list(model.model_fields)
        errors = exc.errors(include_url=False, include_context=False)
        # That null would have been fine is no advice: an argument is left out instead.
        lines = [_problem(error, names) for error in errors if error["type"] != "none_required"]
        raise ArgumentsError(
            f"{tool} was not called: its arguments do not fit.\n"
            + "\n".join(lines)
            + f"\n{tool} takes: {', '.join(names)}."
        ) from exc


def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in properties.items()
        if key not in UNTOLD and (key, value) not in (("default", None), ("additionalProperties", True))
    }
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    return kept


def _problem(error: Any, names: list[str]) -> str:
    # After the name come numbers of items, and words for the branches of a union, which say nothing to a caller.
    first, *inner = error["loc"] or ("arguments",)
    place = ".".join([str(first), *(str(part) for part in inner if isinstance(part, int))])
    if error["type"] == "missing":
        return f"- {place} is required."
    if error["type"] == "extra_forbidden":
        close = difflib.get_close_matches(place, names, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        if not close and "params" in names:
            hint = f" If it is a parameter of the model, put it into params: {{{place!r}: …}}."
        return f"- {place!r} is not an argument.{hint}"
    return f"- {place} is {_short(error['input'])}: {error['msg']}.{_meant(error)}"


def _meant(error: Any) -> str:
    """Returns which of the accepted words is like the one that was given."""
    accepted = re.findall(r"'([^']+)'", error["msg"]) if error["type"] == "literal_error" else []
    near = difflib.get_close_matches(str(error["input"]).lower(), accepted, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"
