"""Which nodes of a canvas run, with what, and after which others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flora_mcp.studio.canvas.canvas import Canvas, Node
from flora_mcp.studio.canvas.graph import NOTHING, State, text_of
from flora_mcp.studio.canvas.offer import Offer
from flora_mcp.studio.canvas.wiring import GATE
from flora_mcp.studio.catalog import Action, Model
from flora_mcp.studio.errors import ApiError, Field
from flora_mcp.studio.renderers.rendering import JSON

SkipReason = Literal[
    "node_not_found",
    "node_not_executable",
    "node_locked",
    "no_model_configured",
    "generation_already_running",
    "run_failed_to_start",
    "video_generation_not_available",
]
"""Why a node does not run (sdk:resources/workspaces/projects/projects.ts)."""

MOST_PROMPT_CHARACTERS = 32_000


@dataclass(frozen=True, kw_only=True)
class Skip:
    """A node that does not run."""

    asked: str
    reason: SkipReason
    message: str


@dataclass(frozen=True, kw_only=True)
class Start:
    """A node that runs.

    Attributes:
        asked: The id as the request has it.
        node: The node.
        model: What makes the output.
        prompt: The node's own, after the texts that are known already.
        params: A value for each parameter of the model; a seed of None is to be drawn.
        inputs: What edges bring: files, and what other runs will have made, by the node that they run.
        causes: The nodes that must have run before.
    """

    asked: str
    node: Node
    model: Model
    prompt: str
    params: Mapping[str, JSON]
    inputs: Sequence[Mapping[str, JSON]]
    causes: Sequence[str]


def plan(canvas: Canvas, states: Mapping[str, State], *, asked: Sequence[str], offer: Offer) -> list[Start | Skip]:
    """Returns what becomes of each node that is asked for, in that order."""
    running = {name for name, state in states.items() if state.running}
    starting: set[str] = set()
    chosen: list[tuple[Node, Model] | Skip] = []
    for name in asked:
        found = _checked(name, canvas.find(name), offer=offer, busy=running | starting)
        chosen.append(found)
        if not isinstance(found, Skip):
            starting.add(found[0].node_id)
    while True:
        busy = running | starting
        planned: list[Start | Skip] = [
            each if isinstance(each, Skip) else _start(name, each, canvas, states, busy=busy)
            for name, each in zip(asked, chosen, strict=True)
        ]
        # What a node that does not run would have given is missing now, so the others are looked at again.
        refused = {
            each[0].node_id
            for each, result in zip(chosen, planned, strict=True)
            if isinstance(result, Skip) and not isinstance(each, Skip)
        }
        if not refused:
            return planned
        starting -= refused
        chosen = [result if isinstance(result, Skip) else each for each, result in zip(chosen, planned, strict=True)]


def in_order(starts: Sequence[Start]) -> list[Start]:
    """Returns nodes so that each comes after its causes."""
    left = {start.node.node_id: start for start in starts}
    found: list[Start] = []
    while left:
        ready = [start for start in left.values() if not left.keys() & set(start.causes)]
        found.extend(ready)
        for start in ready:
            del left[start.node.node_id]
        assert ready
    return found


def action_inputs(
    canvas: Canvas, states: Mapping[str, State], *, node: Node, action: Action
) -> tuple[list[dict[str, JSON]], list[str]]:
    """Returns what an action node is given by its edges, and the nodes whose runs it must wait for.

    Raises:
        ApiError: 400, with every slot that has too little, and what to do about it.
    """
    busy = {name for name, state in states.items() if state.running}
    inputs, causes = _arriving(node, canvas, states, busy=busy)
    fields = []
    for slot in action.inputs:
        given = [each for each in inputs if each["slot"] == slot.name]
        if len(given) >= slot.least:
            continue
        empty = [
            canvas.nodes[edge.source_id].short_id
            for edge in canvas.edges
            if edge.target_id == node.node_id and edge.target_handle == slot.name
        ]
        advice = (
            f"run {', '.join(empty)} first"
            if len(empty) >= slot.least
            else f"connect a node that shows {slot.type} to its input {slot.name!r}"
        )
        message = f"Required: {action.action_id} takes at least {slot.least} here and has {len(given)}; {advice}."
        fields.append(Field(field=f"inputs.{slot.name}", message=message))
    if fields:
        text = "; ".join(f"{each.field}: {each.message}" for each in fields)
        raise ApiError(text, status=400, code="input_validation_error", fields=fields)
    return inputs, causes


def _checked(asked: str, node: Node | None, *, offer: Offer, busy: set[str]) -> tuple[Node, Model] | Skip:
    def skip(reason: SkipReason, message: str) -> Skip:
        return Skip(asked=asked, reason=reason, message=message)

    if node is None:
        return skip("node_not_found", f"{asked[:80]!r} is no node of this canvas; GET …/graph lists them.")
    if node.kind.word == "action":
        return skip("node_not_executable", "An action runs through POST /projects/{project_id}/actions/{node_id}/run.")
    if not node.kind.generates:
        return skip("node_not_executable", f"A node of type {node.kind.word!r} generates nothing.")
    if node.locked:
        return skip("node_locked", "The node is locked on the canvas.")
    if node.kind.media == "video" and not offer.catalog.of_type("video"):
        return skip("video_generation_not_available", "This studio has no video model.")
    model = offer.model(node.model_id or "", media=node.kind.media)
    if model is None:
        named = "has no model" if node.model_id is None else f"has the model {node.model_id!r}"
        return skip("no_model_configured", f"The node {named}; {offer.models_text(node.kind.media)}.")
    if node.node_id in busy:
        return skip("generation_already_running", "A run of this node has not ended; wait for it.")
    try:
        model.resolve(node.params or {})
    except ApiError as exc:
        return skip("run_failed_to_start", exc.message)
    return node, model


def _start(
    asked: str, chosen: tuple[Node, Model], canvas: Canvas, states: Mapping[str, State], *, busy: set[str]
) -> Start | Skip:
    node, model = chosen
    inputs, causes = _arriving(node, canvas, states, busy=busy)
    texts = [str(each["text"]) for each in inputs if "text" in each]
    prompt = "\n".join(part for part in (*texts, node.prompt or "") if part.strip())
    if not prompt and not any(each["type"] == "text" for each in inputs):
        message = "Neither the node nor a text that leads to it has a prompt; give it one with a changeset."
        return Skip(asked=asked, reason="run_failed_to_start", message=message)
    if len(prompt) > MOST_PROMPT_CHARACTERS:
        message = (
            f"The prompt has {len(prompt)} characters with the texts that lead to it; {MOST_PROMPT_CHARACTERS} fit."
        )
        return Skip(asked=asked, reason="run_failed_to_start", message=message)
    return Start(
        asked=asked,
        node=node,
        model=model,
        prompt=prompt,
        params=model.resolve(node.params or {}),
        inputs=[each for each in inputs if "text" not in each],
        causes=causes,
    )


def _arriving(
    node: Node, canvas: Canvas, states: Mapping[str, State], *, busy: set[str]
) -> tuple[list[dict[str, JSON]], list[str]]:
    """Returns what edges bring to a node, in their order, and which nodes must have run for it."""
    found: list[dict[str, JSON]] = []
    causes: list[str] = []
    for edge in canvas.edges:
        if edge.target_id != node.node_id or edge.target_handle == GATE:
            continue
        source = canvas.nodes[edge.source_id]
        state = states.get(source.node_id, NOTHING)
        slot, text = edge.target_handle or source.media or "", text_of(source, state)
        if source.node_id in busy:
            causes.append(source.node_id)
            found.append({"slot": slot, "type": source.media, "node_id": source.node_id})
        elif text is not None:
            found.append({"slot": slot, "type": "text", "text": text})
        elif state.file is not None:
            place: dict[str, JSON] = {"owner_id": state.file.owner_id, "file_name": state.file.stored_name}
            found.append({"slot": slot, "type": source.media, **place})
    return found, causes
