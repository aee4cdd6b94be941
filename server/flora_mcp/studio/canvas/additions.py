"""Makes the nodes that a change adds, and finds their groups."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from flora_mcp.studio.canvas.canvas import Node, offset
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.kinds import ADDED, BLOCKS, STATIC
from flora_mcp.studio.canvas.offer import Offer, param_faults
from flora_mcp.studio.canvas.operations import Addition, Media
from flora_mcp.studio.canvas.sizes import GAP, NODE_HEIGHT, NODE_WIDTH


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The ids of a new node."""

    node_id: str
    short_id: str


def node_of(addition: Addition, identity: Identity, *, offer: Offer, media: Media | None, faults: Faults) -> Node:
    """Returns the node that an addition asks for, without its group."""
    origin = addition.origin
    static = addition.content_url is not None and addition.type in STATIC
    block = STATIC[addition.type] if static else ADDED[addition.type]
    kind = BLOCKS[block]
    _check_fields(addition, generates=kind.generates, faults=faults)
    model = None
    if kind.generates and not static:
        if addition.model is not None:
            field = origin.field("model")
            model = model_id(addition.model, field, media=kind.media, offer=offer, faults=faults, text=origin.text)
        else:
            default = offer.default_model(kind.media)
            model = None if default is None else default.model_id
    if addition.params and kind.generates:
        asked = offer.model(model or "", media=kind.media)
        if asked is not None:
            for name, code, text in param_faults(asked, addition.params):
                faults.add(origin.field(f"{addition.params_name}.{name}"), code, text)
        elif addition.model is None:
            text = f"This studio has no {kind.media} model that could read them; leave them out."
            faults.add(origin.field(addition.params_name), "no_model", text)
    if media is not None and media.type != kind.media:
        text = f"It is of type {media.type}; a node of type {addition.type!r} shows {kind.media}."
        faults.add(origin.field("content_url"), "content_unusable", text)
    params = {name: value for name, value in (addition.params or {}).items() if value is not None}
    x, y = addition.position or (0.0, 0.0)
    return Node(
        node_id=identity.node_id,
        short_id=identity.short_id,
        block=block,
        type=kind.media or kind.word,
        label=addition.label,
        prompt=addition.prompt,
        model_id=model,
        params=params or None,
        x=x,
        y=y,
        width=NODE_WIDTH + 2 * GAP if block == "group" else None,
        height=NODE_HEIGHT + 2 * GAP if block == "group" else None,
        run_id=media.run_id if media else None,
        output_id=media.output_id if media else None,
        asset_id=media.asset_id if media else None,
    )


def model_id(
    wanted: str,
    field: str,
    *,
    media: str | None,
    offer: Offer,
    faults: Faults,
    text: Callable[[str], str] = str,
) -> str | None:
    """Returns the id of a model that is named by its id or its name; None when there is none, which is a fault."""
    model = offer.model(wanted, media=media)
    if model is None:
        faults.add(
            field, "unknown_model", text(f"{wanted[:80]!r} is no {media} model here; {offer.models_text(media)}.")
        )
        return None
    return model.model_id


def grouped(
    additions: Sequence[Addition],
    created: Mapping[str, Node],
    *,
    find: Callable[[str], Node | None],
    faults: Faults,
) -> dict[str, str]:
    """Returns the group of each new node that is to be in one, by their ids."""
    parents: dict[str, str] = {}
    for addition in additions:
        node = created.get(addition.ref)
        if addition.group is None or node is None:
            continue
        group = find(addition.group)
        field = addition.origin.field("group")
        if group is None:
            text = f"{addition.group[:80]!r} is no node of the canvas and no ref here; add a node of type 'group'."
            faults.add(field, "unknown_node", text)
        elif group.block != "group":
            faults.add(field, "not_a_group", f"{addition.group[:80]!r} is of type {group.kind.word!r}; name a group.")
        else:
            parents[node.node_id] = group.node_id
    for addition in additions:
        node = created.get(addition.ref)
        seen: set[str] = set()
        above = node.node_id if node else None
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above is not None and node is not None and above == node.node_id:
            del parents[above]
            faults.add(addition.origin.field("group"), "group_cycle", f"{addition.ref[:80]!r} would be inside itself.")
    return parents


def settle(nodes: dict[str, Node], parents: Mapping[str, str], *, unplaced: set[str]) -> None:
    """Puts new nodes into their groups; the places that were asked for are on the canvas, not in the group.

    A new group whose own place was not asked for goes where its placed members need it.
    """
    inside: dict[str, list[str]] = {}
    for name, parent in parents.items():
        inside.setdefault(parent, []).append(name)
    wanted = {name: (nodes[name].x, nodes[name].y) for name in nodes if name not in unplaced and name in parents}
    # Inner groups first, so that a group knows where the groups in it are.
    for group in sorted(inside, key=lambda name: _depth(parents, name), reverse=True):
        placed = [wanted[name] for name in inside[group] if name in wanted]
        if group in unplaced and placed:
            unplaced.discard(group)
            x, y = min(place[0] for place in placed) - GAP, min(place[1] for place in placed) - GAP
            nodes[group] = replace(nodes[group], x=x, y=y)
            if group in parents:
                wanted[group] = (x, y)
    # Outer groups first: where the inside of a group begins depends on all around it.
    for name in sorted(parents, key=lambda name: _depth(parents, name)):
        parent_id = parents[name]
        node = replace(nodes[name], parent_id=parent_id)
        if name in wanted:
            left, top = offset(nodes, parent_id)
            node = replace(node, x=wanted[name][0] - left, y=wanted[name][1] - top)
        nodes[name] = node
    for group, names in inside.items():
        _embrace(nodes, group, [name for name in names if name in wanted])


def _embrace(nodes: dict[str, Node], group: str, names: Sequence[str]) -> None:
    """Makes a group as large as its placed members need it."""
    if not names:
        return
    ends = [(nodes[name].x + nodes[name].size[0], nodes[name].y + nodes[name].size[1]) for name in names]
    width, height = nodes[group].size
    nodes[group] = replace(
        nodes[group],
        width=max(width, max(end[0] for end in ends) + GAP),
        height=max(height, max(end[1] for end in ends) + GAP),
    )


def _check_fields(addition: Addition, *, generates: bool, faults: Faults) -> None:
    """Notes fields that a node of the type does not have, or that exclude each other."""
    given = [
        name
        for name, value in (
            ("prompt", addition.prompt),
            ("model", addition.model),
            (addition.params_name, addition.params),
        )
        if value is not None
    ]
    field, text = addition.origin.field, addition.origin.text
    if addition.content_url is not None and addition.type in STATIC:
        for name in given:
            faults.add(
                field(name), "exclusive_fields", text(f"A node with content_url has no {name}; give one of them.")
            )
        return
    if addition.content_url is not None:
        places = ", ".join(STATIC)
        message = f"A node of type {addition.type!r} shows no media; content_url is for {places}."
        faults.add(field("content_url"), "unsupported_field", text(message))
    elif addition.type == "static_image":
        faults.add(
            field("content_url"), "required", text("A node of type 'static_image' shows media; give its address.")
        )
    if not generates:
        for name in given:
            message = f"A node of type {addition.type!r} has no {name}; leave it out."
            faults.add(field(name), "unsupported_field", text(message))


def _depth(parents: Mapping[str, str], name: str) -> int:
    depth = 0
    while name in parents:
        depth, name = depth + 1, parents[name]
    return depth
