"""Reads a canvas whole, and writes what a change made different."""

from collections.abc import Mapping
from typing import cast

import sqlalchemy as sa

from flora_mcp.studio.canvas.canvas import Canvas, Edge, Node
from flora_mcp.studio.canvas.graph import File, State
from flora_mcp.studio.canvas.operations import Media
from flora_mcp.studio.links import ASSET_FILE, MediaAddress
from flora_mcp.studio.store.assets import MODALITIES
from flora_mcp.studio.store.tables import assets, edges, nodes, outputs, runs

_NODE_COLUMNS = tuple(Node.__dataclass_fields__)
_EDGE_COLUMNS = tuple(Edge.__dataclass_fields__)


def read(connection: sa.Connection, project_id: str) -> Canvas:
    """Returns a project's canvas."""
    found = connection.execute(
        sa.select(*(nodes.c[name] for name in _NODE_COLUMNS))
        .where(nodes.c.project_id == project_id)
        .order_by(nodes.c.number)
    )
    joined = connection.execute(
        sa.select(*(edges.c[name] for name in _EDGE_COLUMNS))
        .where(edges.c.project_id == project_id)
        .order_by(edges.c.number)
    )
    return Canvas(
        nodes={row["node_id"]: Node(**row) for row in found.mappings()},
        edges=tuple(Edge(**row) for row in joined.mappings()),
    )


def states(connection: sa.Connection, project_id: str) -> dict[str, State]:
    """Returns what each node shows and what its last run has come to."""
    last = runs.alias()
    query = (
        sa.select(
            nodes.c.node_id,
            nodes.c.run_id,
            nodes.c.asset_id,
            outputs.c.file_name,
            outputs.c.text,
            assets.c.file_name.label("stored_name"),
            last.c.status,
            last.c.error_code,
            last.c.error_message,
        )
        .outerjoin(outputs, sa.and_(outputs.c.run_id == nodes.c.run_id, outputs.c.output_id == nodes.c.output_id))
        .outerjoin(assets, assets.c.asset_id == nodes.c.asset_id)
        .outerjoin(last, last.c.run_id == nodes.c.last_run_id)
        .where(nodes.c.project_id == project_id)
    )
    return {row["node_id"]: _state(row) for row in connection.execute(query).mappings()}


def _state(row: sa.RowMapping) -> State:
    file = None
    if row["asset_id"] is not None and row["stored_name"] is not None:
        file = File(owner_id=row["asset_id"], file_name=ASSET_FILE, stored_name=row["stored_name"])
    elif row["file_name"] is not None and row["text"] is None:
        file = File(owner_id=row["run_id"], file_name=row["file_name"], stored_name=row["file_name"])
    return State(
        file=file,
        text=row["text"],
        run_status=row["status"],
        error_code=row["error_code"],
        error_message=row["error_message"],
    )


def write(connection: sa.Connection, project_id: str, *, before: Canvas, after: Canvas, now_ms: int) -> None:
    """Makes the canvas that was read into another one."""
    earlier: Mapping[str, Edge] = {edge.edge_id: edge for edge in before.edges}
    later: Mapping[str, Edge] = {edge.edge_id: edge for edge in after.edges}
    _write(connection, edges, "edge_id", _EDGE_COLUMNS, earlier, later, project_id=project_id, now_ms=now_ms)
    _write(connection, nodes, "node_id", _NODE_COLUMNS, before.nodes, after.nodes, project_id=project_id, now_ms=now_ms)


def _write(
    connection: sa.Connection,
    table: sa.Table,
    key: str,
    columns: tuple[str, ...],
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    project_id: str,
    now_ms: int,
) -> None:
    def row(thing: object) -> dict[str, object]:
        return {name: getattr(thing, name) for name in columns}

    here = table.c.project_id == project_id, table.c[key] == sa.bindparam("its_id")
    gone = [{"its_id": name} for name in before if name not in after]
    if gone:
        connection.execute(table.delete().where(*here), gone)
    changed = [{"its_id": name, **row(after[name])} for name in before if name in after and before[name] != after[name]]
    if changed:
        connection.execute(table.update().where(*here), changed)
    made = [row(thing) for name, thing in after.items() if name not in before]
    if made:
        connection.execute(
            table.insert(), [{"project_id": project_id, "created_at_ms": now_ms, **each} for each in made]
        )


def set_last_run(connection: sa.Connection, project_id: str, node_id: str, *, run_id: str) -> None:
    """Lets a run tell the state of a node."""
    change = nodes.update().where(nodes.c.project_id == project_id, nodes.c.node_id == node_id)
    connection.execute(change.values(last_run_id=run_id))


def media(connection: sa.Connection, address: MediaAddress) -> Media | None:
    """Returns what a node would show of a file of this studio; None when there is no such file."""
    if address.owner_id.startswith("asset_"):
        query = sa.select(assets.c.content_type).where(assets.c.asset_id == address.owner_id)
        mime_type = connection.scalar(query.where(assets.c.status == "ready"))
        if mime_type is None or address.file_name != ASSET_FILE:
            return None
        return Media(type=MODALITIES[mime_type], asset_id=address.owner_id)
    query = sa.select(outputs.c.mime_type, outputs.c.output_id).where(
        outputs.c.run_id == address.owner_id, outputs.c.file_name == address.file_name
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    kind = cast("str", row.mime_type).partition("/")[0]
    return Media(type=kind, run_id=address.owner_id, output_id=row.output_id)


def given(connection: sa.Connection, run: sa.RowMapping) -> list[dict[str, object]]:
    """Returns the inputs of a run; where one is what another run was to make, what that has made."""
    found: list[dict[str, object]] = []
    for each in run["inputs"] or ():
        if "run_id" not in each:
            found.append(each)
            continue
        query = sa.select(outputs).where(outputs.c.run_id == each["run_id"]).order_by(outputs.c.number).limit(1)
        made = connection.execute(query).mappings().one_or_none()
        if made is None:
            continue
        rest = {"slot": each["slot"], "type": each["type"]}
        if made["text"] is not None:
            found.append({**rest, "text": made["text"]})
        else:
            found.append({**rest, "owner_id": made["run_id"], "file_name": made["file_name"]})
    return found
