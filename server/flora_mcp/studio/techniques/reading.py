"""From a technique file to a technique that can be run here, or to all that is wrong with it."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from pydantic import ValidationError

from flora_mcp.studio.catalog import ActionCatalog, Catalog
from flora_mcp.studio.techniques.checks import problems_of
from flora_mcp.studio.techniques.definition import Definition
from flora_mcp.studio.techniques.problems import Problem, refuse

MOST_FILE_BYTES = 256 * 1024
"""The longest technique file."""


def read_technique(content: bytes, *, source: str, catalog: Catalog, actions: ActionCatalog) -> Definition:
    """Returns the technique that a file holds.

    Args:
        content: The file, as UTF-8.
        source: What the file is called in messages.
        catalog: The models that its steps may name.
        actions: The actions that its steps may name.

    Raises:
        UnusableTechniqueError: It holds none that can be run; the message tells every place and what is accepted.
    """
    if len(content) > MOST_FILE_BYTES:
        refuse(
            [Problem(where="file", message=f"has {len(content)} bytes; at most {MOST_FILE_BYTES} can be.")],
            source=source,
        )
    try:
        found = json.loads(content.decode())
    except (ValueError, RecursionError) as exc:
        refuse([Problem(where="file", message=f"is not valid JSON: {exc}.")], source=source)
    try:
        definition = Definition.model_validate_json(content)
    except ValidationError as exc:
        refuse([_problem(error, found) for error in exc.errors(include_url=False)], source=source)
    refuse(problems_of(definition, catalog=catalog, actions=actions), source=source)
    return definition


def shipped_techniques() -> list[Definition]:
    """Returns the techniques that come with the package, which its tests have checked."""
    return [Definition.model_validate_json(content) for _, content in shipped_files()]


def shipped_files() -> Iterator[tuple[str, bytes]]:
    """Reads the technique files that come with the package, by name."""
    folder = resources.files("flora_mcp.studio.catalog") / "techniques"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".json"):
            yield file.name, file.read_bytes()


def _problem(error: Any, found: Any) -> Problem:
    """Words one of pydantic's findings, with ids in place of numbers."""
    place, at = [], found
    for part in error["loc"]:
        at = at[part] if _has(at, part) else None
        if isinstance(part, int) and isinstance(at, dict) and isinstance(at.get("id"), str):
            place.append(at["id"])
        elif part not in {"generation", "action", "text"} or (place and place[0] != "steps"):
            place.append(str(part))
    message = {
        "missing": "Required.",
        "extra_forbidden": "Unknown key; leave it out, or see the technique format.",
    }.get(error["type"], f"{error['msg']}.")
    return Problem(where=".".join(place) or "file", message=message)


def _has(at: Any, part: str | int) -> bool:
    if isinstance(at, list):
        return isinstance(part, int) and part < len(at)
    return isinstance(at, dict) and part in at
