"""Changes a node that is there."""

from dataclasses import replace

from flora_mcp.studio.canvas import additions
from flora_mcp.studio.canvas.canvas import Node
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.offer import Offer, param_faults
from flora_mcp.studio.canvas.operations import Update
from flora_mcp.studio.renderers.rendering import JSON


def updated(
    node: Node,
    update: Update,
    *,
    place: tuple[float, float] | None,
    offer: Offer,
    faults: Faults,
    warnings: list[str],
) -> Node:
    """Returns a node as an update wants it.

    Args:
        node: As it is.
        update: What is wanted; what it leaves out stays.
        place: Where the node is to be in its parent.
        offer: Which models and actions there are.
        faults: Takes what is wrong.
        warnings: Takes what a change of the model drops.
    """
    if _has_less(node, update, faults):
        return node
    model_id = node.model_id
    if update.model is not None:
        field = update.origin.field("model")
        model_id = additions.model_id(update.model, field, media=node.kind.media, offer=offer, faults=faults)
    x, y = (node.x, node.y) if place is None else place
    return replace(
        node,
        label=node.label if update.label is None else update.label,
        prompt=node.prompt if update.prompt is None else update.prompt,
        model_id=model_id,
        params=_params(node, update, model_id=model_id, offer=offer, faults=faults, warnings=warnings) or None,
        x=x,
        y=y,
    )


def _has_less(node: Node, update: Update, faults: Faults) -> bool:
    """Notes what a node of the kind does not have."""
    kind = node.kind
    known = len(faults.fields)
    for name, given, fits in (
        ("prompt", update.prompt, kind.generates),
        ("model", update.model, kind.generates),
        ("params", update.params, kind.generates or kind.word == "action"),
    ):
        if given is not None and not fits:
            text = f"A node of type {kind.word!r} has no {name}; leave it out."
            faults.add(update.origin.field(name), "unsupported_field", text)
    return len(faults.fields) > known


def _params(
    node: Node, update: Update, *, model_id: str | None, offer: Offer, faults: Faults, warnings: list[str]
) -> dict[str, JSON]:
    """Returns the parameters, merged key by key; null takes one away (choice)."""
    given = update.params or {}
    merged: dict[str, JSON] = {
        name: value for name, value in {**(node.params or {}), **given}.items() if value is not None
    }
    action = offer.action(node.action_id) if node.kind.word == "action" else None
    asked = action or offer.model(model_id or "", media=node.kind.media)
    if asked is None:
        if given and update.model is None:
            text = f"Node {update.id!r} has no model or action of this studio that could read them."
            faults.add(update.origin.field("params"), "no_model", text)
        return merged
    for name, code, text in list(param_faults(asked, merged)):
        if name in given:
            faults.add(update.origin.field(f"params.{name}"), code, text)
        elif update.model is not None:
            del merged[name]
            warnings.append(f"{update.origin.path}: {model_id} does not take {name!r} as it was; it is dropped.")
    return merged
