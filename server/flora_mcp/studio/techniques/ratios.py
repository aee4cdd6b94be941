"""What is known beforehand about the aspect ratio of the pictures that steps make."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flora_mcp.studio.techniques.definition import ActionStep, AnyStep, GenerationStep, Input

_KEEPING = {
    "blur-image-browser": "image",
    "sharpen-image": "image",
    "color-grade-image-browser": "image",
    "color-filter-image-browser": "image",
    "color-tint-image-browser": "image",
    "filter-color-image-browser": "image",
    "duplicate-image-browser": "image",
    "overlay-image-browser": "base",
}
"""The actions whose picture is as large as that in one of their slots."""


def ratio(text: str) -> Fraction:
    wide, high = text.split(":")
    return Fraction(int(wide), int(high))


def ratio_of_input(given: Input) -> Fraction | None:
    return None if given.specified_aspect_ratio is None else ratio(given.specified_aspect_ratio)


def ratio_of_step(step: AnyStep, params: Mapping[str, Any], known: Mapping[str, Fraction | None]) -> Fraction | None:
    """Returns the ratio of what a step makes, None when that depends on the run.

    Args:
        step: A step.
        params: Its parameters, with defaults; one that depends on an input still has its placeholder.
        known: The ratios of the inputs and of the steps before.
    """
    if isinstance(step, GenerationStep):
        value = params.get("aspect_ratio")
        return ratio(value) if isinstance(value, str) and "{" not in value else None
    if not isinstance(step, ActionStep):
        return None
    if step.action == "change-image-ar-browser":
        value = str(params.get("aspect_ratio"))
        return None if "{" in value else ratio(value)
    if step.action == "resize-image-browser":
        if params.get("mode") != "exact":
            return _shared(step, "image", known)
        sides = params.get("width"), params.get("height")
        whole = [int(side) for side in sides if isinstance(side, int | float)]
        return Fraction(*whole) if len(whole) == 2 else None
    slot = _KEEPING.get(step.action)
    return None if slot is None else _shared(step, slot, known)


def _shared(step: ActionStep, slot: str, known: Mapping[str, Fraction | None]) -> Fraction | None:
    """Returns the ratio that all have which may be in a slot."""
    given = step.inputs.get(slot, ())
    names = [name for each in ([given] if isinstance(given, str) else given) for name in each.split("|")]
    found = {known.get(name) for name in names}
    return found.pop() if len(found) == 1 else None
