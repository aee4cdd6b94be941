"""Where nodes go that nobody placed: in layers from left to right, each after all that leads to it."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flora_mcp.studio.canvas.sizes import GAP


@dataclass(frozen=True, kw_only=True)
class Box:
    """Something to place."""

    name: str
    width: float
    height: float


def arrange(boxes: Sequence[Box], pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[float, float]]:
    """Returns the left upper corner of each box, in the quarter right of and below the origin.

    No two boxes overlap, and the target of a pair lies right of its source. The same boxes and pairs give the
    same places.

    Args:
        boxes: In the order in which they are preferred from top to bottom.
        pairs: Sources and targets, without circles; those that name no box are passed over.
    """
    by_name = {box.name: box for box in boxes}
    before: dict[str, list[str]] = {name: [] for name in by_name}
    after: dict[str, list[str]] = {name: [] for name in by_name}
    for source, target in pairs:
        if source in by_name and target in by_name and source != target:
            before[target].append(source)
            after[source].append(target)
    joined = [box for box in boxes if before[box.name] or after[box.name]]
    alone = [box for box in boxes if not before[box.name] and not after[box.name]]
    columns = _columns(joined, before, after)
    places = _stack(columns)
    bottom = max((places[box.name][1] + box.height + GAP for box in joined), default=0.0)
    width = max(1, math.ceil(math.sqrt(len(alone))))
    rows = [alone[start : start + width] for start in range(0, len(alone), width)]
    for row in rows:
        x = 0.0
        for box in row:
            places[box.name] = (x, bottom)
            x += box.width + GAP
        bottom += max(box.height for box in row) + GAP
    return places


def _columns(
    boxes: Sequence[Box], before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]]
) -> list[list[Box]]:
    """Puts each box one column right of the last that leads to it, near the height of those."""
    layer: dict[str, int] = {}
    missing = {box.name: len(before[box.name]) for box in boxes}
    ready = [box.name for box in boxes if missing[box.name] == 0]
    for name in ready:  # grows meanwhile
        layer[name] = max((layer[source] + 1 for source in before[name]), default=0)
        for target in after[name]:
            missing[target] -= 1
            if missing[target] == 0:
                ready.append(target)
    columns: list[list[Box]] = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for box in boxes:
        columns[layer[box.name]].append(box)
    rank: dict[str, float] = {}
    for column in columns:
        middle = {box.name: _mean([rank[source] for source in before[box.name]]) for box in column}
        column.sort(key=lambda box: middle[box.name])
        rank.update({box.name: float(place) for place, box in enumerate(column)})
    return columns


def _stack(columns: Sequence[Sequence[Box]]) -> dict[str, tuple[float, float]]:
    places: dict[str, tuple[float, float]] = {}
    x = 0.0
    for column in columns:
        y = 0.0
        for box in column:
            places[box.name] = (x, y)
            y += box.height + GAP
        x += max(box.width for box in column) + GAP
    return places


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
