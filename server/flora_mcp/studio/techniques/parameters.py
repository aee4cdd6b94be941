"""The parameters of a technique's steps: their placeholders, and the checks by the model's or action's own schema."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

from flora_mcp.studio.catalog import Action, ActionCatalog, Catalog, Model
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.ids import SEED_LIMIT
from flora_mcp.studio.techniques.definition import ActionStep, GenerationStep, Input
from flora_mcp.studio.techniques.placeholders import filled, references
from flora_mcp.studio.techniques.problems import Problem, shown

MOST_CANDIDATES = 1000

_SAMPLES = {"color": ("#000000",), "seed": ("0", str(SEED_LIMIT - 1))}
"""Values that stand for all of a format."""


def maker_of(step: GenerationStep | ActionStep, *, catalog: Catalog, actions: ActionCatalog) -> Model | Action | None:
    """Returns the model or action of a step; None when this studio has none of that id."""
    if isinstance(step, GenerationStep):
        return next((model for model in catalog.models if model.model_id == step.model), None)
    return next((action for action in actions.actions if action.action_id == step.action), None)


def kinds_of(maker: Model | Action) -> dict[str, str]:
    """Returns the type of each parameter, by its name."""
    if isinstance(maker, Model):
        return {each.name: each.type for each in maker.params}
    return {each.key: each.type for each in maker.params}


def written(step: GenerationStep | ActionStep) -> dict[str, Any]:
    """Returns the parameters as the technique has them, placeholders and all."""
    if isinstance(step, GenerationStep) and step.specified_aspect_ratio is not None:
        return {**step.params, "aspect_ratio": step.specified_aspect_ratio}
    return dict(step.params)


def resolved(
    step: GenerationStep | ActionStep, maker: Model | Action, texts: Mapping[str, str | None]
) -> dict[str, Any]:
    """Returns every parameter of a step in a run; one whose placeholder has no text is as by default.

    Raises:
        ApiError: A parameter has a value that is not accepted.
    """
    kinds = kinds_of(maker)
    found: dict[str, Any] = {}
    for name, value in written(step).items():
        if not isinstance(value, str):
            found[name] = value
        elif (text := filled(value, texts)) is not None:
            found[name] = _converted(text, kinds.get(name, ""))
    return maker.resolve(found)


def problems_of(step: GenerationStep | ActionStep, maker: Model | Action, inputs: Mapping[str, Input]) -> list[Problem]:
    """Returns what is wrong with the parameters of a step, whatever a run's inputs are."""
    found = []
    kinds = kinds_of(maker)
    if isinstance(step, GenerationStep) and step.specified_aspect_ratio and "aspect_ratio" in step.params:
        message = "is given beside specified_aspect_ratio; leave one of them out."
        found.append(Problem(where="params.aspect_ratio", message=message))
    for name, value in written(step).items():
        texts = [value]
        if isinstance(value, str) and references(value):
            candidates = _candidates(value, inputs, kind=kinds.get(name, ""))
            if isinstance(candidates, str):
                found.append(Problem(where=f"params.{name}", message=candidates))
                continue
            texts = [_converted(each, kinds.get(name, "")) for each in candidates]
        elif isinstance(value, str):
            texts = [_converted(filled(value, {}) or "", kinds.get(name, ""))] if "{" in value else [value]
        fault = next((fault for each in texts if (fault := _fault(maker, name, each)) is not None), None)
        if fault is not None:
            found.append(Problem(where=f"params.{name}", message=fault))
    return found


def _fault(maker: Model | Action, name: str, value: Any) -> str | None:
    try:
        maker.resolve({name: value})
    except ApiError as exc:
        return exc.fields[0].message
    return None


def _candidates(value: str, inputs: Mapping[str, Input], *, kind: str) -> list[str] | str:
    """Returns what a parameter can become, or why that is not known."""
    names = list(dict.fromkeys(name for each in references(value) for name in each.split("|")))
    choices: list[tuple[str, ...]] = []
    for name in names:
        given = inputs.get(name)
        if given is not None and given.locked and given.default is not None:
            choices.append((given.default,))
        elif given is not None and given.options is not None:
            choices.append(given.options)
        elif given is not None and given.format in _SAMPLES:
            choices.append(_SAMPLES[given.format])
        elif kind == "text":
            choices.append(("",))
        else:
            return (
                f"{shown(value)} takes any text from {name!r}, and this parameter does not; name an input that has "
                "options or a fitting format, or is locked."
            )
    combinations = itertools.islice(itertools.product(*choices), MOST_CANDIDATES)
    return [filled(value, dict(zip(names, each, strict=True))) or "" for each in combinations]


def _converted(text: str, kind: str) -> Any:
    """Returns a text as the JSON value that a parameter takes, or itself when it is none."""
    if kind not in {"number", "boolean", "seed"}:
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
