"""The states of a run and the moves between them."""

from collections.abc import Mapping
from typing import Literal, get_args

RunStatus = Literal["pending", "running", "completed", "failed"]

STATUSES: tuple[RunStatus, ...] = get_args(RunStatus)

MOVES: Mapping[RunStatus, frozenset[RunStatus]] = {
    "pending": frozenset({"running", "failed"}),
    "running": frozenset({"completed", "failed"}),
    "completed": frozenset(),
    "failed": frozenset(),
}
"""Where each state may go; a run moves only by an update that names where it comes from."""

UNFINISHED: tuple[RunStatus, ...] = tuple(status for status in STATUSES if MOVES[status])


def sources(status: RunStatus) -> tuple[RunStatus, ...]:
    """Returns the states that may move to this one."""
    return tuple(source for source in STATUSES if status in MOVES[source])
