"""Nodes that come to a canvas by themselves: outputs of runs, and assets."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from flora_mcp.studio.canvas.kinds import RESULTS
from flora_mcp.studio.canvas.sizes import GAP, NODE_HEIGHT
from flora_mcp.studio.renderers.rendering import JSON
from flora_mcp.studio.store.tables import nodes, projects, runs


def lock(connection: sa.Connection, project_id: str) -> None:
    """Makes other changes of the same canvas wait until this transaction is over."""
    connection.execute(sa.select(projects.c.number).where(projects.c.project_id == project_id).with_for_update())


def take_short_ids(connection: sa.Connection, project_id: str, *, count: int) -> list[str]:
    """Returns short ids that no node of the project has or had; locks the project."""
    mine = projects.c.project_id == project_id
    connection.execute(projects.update().where(mine).values(short_ids=projects.c.short_ids + count))
    last = connection.scalar(sa.select(projects.c.short_ids).where(mine))
    assert last is not None
    return [f"n{number}" for number in range(last - count + 1, last + 1)]


def place(connection: sa.Connection, row: Mapping[str, object], *, project_id: str, now_ms: int) -> None:
    """Adds a node below all that is on the canvas."""
    [short_id] = take_short_ids(connection, project_id, count=1)
    ends = sa.func.max(nodes.c.y + sa.func.coalesce(nodes.c.height, NODE_HEIGHT))
    end = connection.scalar(sa.select(ends).where(nodes.c.project_id == project_id, nodes.c.parent_id.is_(None)))
    filled = {
        "project_id": project_id,
        "short_id": short_id,
        "x": 0.0,
        "y": 0.0 if end is None else end + GAP,
        "created_at_ms": now_ms,
    }
    connection.execute(nodes.insert().values(**filled, **row))


def show(
    connection: sa.Connection, run: sa.RowMapping, *, output_ids: Sequence[str], node_ids: Sequence[str], now_ms: int
) -> None:
    """Puts the outputs of a completed run on its project's canvas.

    A run of a node shows its first output there; what the node showed before, and each further output, gets a node
    of its own, so that nothing that was made leaves the canvas (skill: regeneration is additive). A node that was
    removed meanwhile shows nothing.

    Args:
        connection: A transaction.
        run: The run.
        output_ids: Its outputs, in order.
        node_ids: A fresh node id for each of them.
        now_ms: The time.
    """
    # Before any node is touched, in the order in which changes of the canvas lock.
    lock(connection, run["project_id"])
    shown = [_result(run, run_id=run["run_id"], output_id=output_id) for output_id in output_ids]
    if run["node_id"] is not None:
        here = nodes.c.project_id == run["project_id"], nodes.c.node_id == run["node_id"]
        node = connection.execute(sa.select(nodes).where(*here)).mappings().one_or_none()
        if node is None:
            return
        first = shown.pop(0)
        connection.execute(nodes.update().where(*here).values(run_id=first["run_id"], output_id=first["output_id"]))
        if node["run_id"] is not None:
            maker = connection.execute(sa.select(runs).where(runs.c.run_id == node["run_id"])).mappings().one()
            former = _result(maker, run_id=node["run_id"], output_id=node["output_id"])
            shown.insert(0, {**former, "label": node["label"] or former["label"]})
    for row, node_id in zip(shown, node_ids, strict=False):
        place(connection, {**row, "node_id": node_id}, project_id=run["project_id"], now_ms=now_ms)


def _result(run: sa.RowMapping, *, run_id: str, output_id: str) -> dict[str, object]:
    """Returns the row of a node that shows an output."""
    made = run["type"] == "generation"
    # Not the seed: who runs the node again wants another picture.
    params: dict[str, JSON] = {name: value for name, value in run["params"].items() if name != "seed"}
    return {
        "block": RESULTS[run["media_type"]],
        "type": run["media_type"],
        "label": run["prompt"],
        "prompt": run["prompt"] if made else None,
        "model_id": run["model_id"] if made else None,
        "params": params if made else None,
        "run_id": run_id,
        "output_id": output_id,
        "last_run_id": run_id,
    }
