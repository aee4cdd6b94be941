"""A page for each model, action and technique that the user can run."""

from collections.abc import Mapping

from flora_mcp.docs_search.page import Page
from flora_mcp.docs_search.parameters import action_parameter, action_slot, model_parameter, technique_slot
from flora_mcp.flora.examples import javascript_call, python_call
from flora_mcp.flora.spending.prices import USD_PER_CREDIT
from flora_mcp.flora.types import JSON, Action, ActionSlot, Model, ModelParam, Technique

PLACE: Mapping[str, JSON] = {"workspace_id": "ws_abc123", "project_id": "prj_abc123"}
MEDIA_URL = "https://media.flora.ai/fox.png"
VALUES: Mapping[str, JSON] = {
    "string": MEDIA_URL,
    "string[]": [MEDIA_URL],
    "bool": True,
    "int": 1,
    "int?": 1,
    "seed": 7,
    "float": 1.0,
    "dict": {},
}
"""What a parameter could be, by its type."""

TEXT_CHARS = 500

WRITTEN = {"imageUrl": MEDIA_URL, "videoUrl": "https://media.flora.ai/fox.mp4", "text": "a red fox in the snow"}
"""What a technique's input could be, by its type."""


def model_page(model: Model) -> Page:
    """Returns what a model makes, at what price, and with which parameters."""
    price = f"about {model.estimated_credits * USD_PER_CREDIT:g} USD" if model.estimated_credits else "price unknown"
    time = f"about {model.estimated_seconds:g} s" if model.estimated_seconds else "time unknown"
    maker = f"; by {_flat(model.provider)}" if model.provider else ""
    options: dict[str, JSON] = {"type": model.type, "model": model.model_id, "prompt": "a red fox in the snow"}
    params = _shown(model.params)
    options |= {"params": params} if params else {}
    lines = [_calls("generations.create", [], {**options, **PLACE})]
    if model.params:
        lines += ["Parameters, in `params`:", *(f"- {model_parameter(param)}" for param in model.params)]
    else:
        lines += ["It takes no parameters."]
    return Page(
        kind="model",
        name=model.model_id,
        title=f"Model {model.model_id}",
        summary=f"{_flat(model.name)}: makes {model.type}; {price}, {time}{maker}.",
        words=" ".join([*model.capabilities, "beta" if model.beta else ""]).strip(),
        related=("generate", "generations.create"),
        text="\n".join(lines),
    )


def action_page(action: Action) -> Page:
    """Returns what an action does, what it takes, and its parameters with their bounds."""
    cost = f"{action.charged_cost:g} USD a run" if action.charged_cost else "free"
    inputs: list[JSON] = [
        {"type": slot.type, "name": slot.name, **({"text": "words"} if slot.type == "text" else {"url": MEDIA_URL})}
        for slot in action.inputs
        if not slot.optional
        for _ in range(_least(slot))
    ]
    params = {param.key: param.default_value for param in action.params if param.default_value is not None}
    options: dict[str, JSON] = {"action_id": action.action_id, "inputs": inputs}
    options |= {"params": dict(list(params.items())[:2])} if params else {}
    lines = [
        _calls("actions.run", [], {**options, **PLACE}),
        f"Takes: {'; '.join(map(action_slot, action.inputs)) or 'nothing'}. "
        f"Makes: {'; '.join(map(action_slot, action.outputs)) or 'nothing'}. Wait with client.generations.wait.\n",
    ]
    if action.params:
        lines += ["Parameters, in `params`:", *(f"- {action_parameter(param)}" for param in action.params)]
    return Page(
        kind="action",
        name=action.action_id,
        title=f"Action {action.action_id}: {_flat(action.name)}",
        summary=f"{_flat(action.description or action.name).rstrip('.')}. Costs: {cost}.",
        related=("actions", "actions.run"),
        text="\n".join(lines),
    )


def technique_page(technique: Technique) -> Page:
    """Returns what a technique takes, what it makes, and what it costs."""
    name = technique.slug or technique.technique_id
    cost = "unknown" if technique.run_cost is None else f"{technique.run_cost:g} USD a run"
    needed = [slot for slot in technique.inputs if not slot.optional]
    # A run takes at least one input: where all may be left out, words are the likeliest.
    needed = needed or sorted(technique.inputs, key=lambda slot: slot.type != "text")[:1]
    inputs: list[JSON] = [
        {"id": slot.id, "type": slot.type, "value": WRITTEN.get(slot.type, "https://media.flora.ai/fox")}
        for slot in needed
    ]
    return Page(
        kind="technique",
        name=name,
        title=f"Technique {name}: {_flat(technique.name)}",
        summary=f"{_flat(technique.description or technique.name).rstrip('.')}. Costs: {cost}.",
        aliases=(technique.technique_id,) if name != technique.technique_id else (),
        related=("techniques", "techniques.runs.create"),
        text="\n".join(
            [
                _calls("techniques.runs.create", [name], {"inputs": inputs}),
                "Inputs:",
                *(f"- {technique_slot(slot)}" for slot in technique.inputs),
                "Outputs:",
                *(f"- {technique_slot(slot)}" for slot in technique.outputs),
            ]
        ),
    )


def _shown(params: list[ModelParam]) -> dict[str, JSON]:
    """Returns values for what a model must have, and for the parameter that pictures are asked for with."""
    return {param.name: _value(param) for param in params if param.required or param.name == "aspect_ratio"}


def _value(param: ModelParam) -> JSON:
    if param.options:
        values = [option.value for option in param.options]
        return param.default if param.default in values else values[0]
    return param.default if param.default is not None else VALUES.get(param.type, MEDIA_URL)


def _least(slot: ActionSlot) -> int:
    """Returns how many inputs a slot has to get."""
    least = slot.multiple.get("min") if isinstance(slot.multiple, dict) else None
    return least if isinstance(least, int) else 1


def _flat(text: str) -> str:
    """Returns what somebody else wrote in one line of bearable length: it must not look like more of a page."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARS else f"{line[:TEXT_CHARS]}…"


def _calls(path: str, first: list[JSON], options: dict[str, JSON]) -> str:
    python, javascript = python_call(path, first, options), javascript_call(path, first, options)
    return f"```python\nrun = await {python}\n```\n```javascript\nconst run = await {javascript};\n```\n"
