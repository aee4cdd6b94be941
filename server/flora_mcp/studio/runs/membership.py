"""Which processes may do the jobs of a studio."""

from pathlib import Path
from typing import Protocol

from flora_mcp.studio.runs.crew import Crew
from flora_mcp.studio.runs.leader import Leadership
from flora_mcp.studio.store import Database


class Membership(Protocol):
    """A process's part in the work. Called from threads, one call at a time except for `held`."""

    @property
    def worker_id(self) -> str:
        """Who claims jobs; never that of two processes that are at work at once."""

    @property
    def alone(self) -> bool:
        """Whether nobody else can be at work, so that whatever is unfinished was left to this process."""

    @property
    def held(self) -> bool:
        """Whether this process may do jobs now."""

    @property
    def others(self) -> bool:
        """Whether somebody else does jobs too, as far as is known."""

    @property
    def beat_seconds(self) -> float | None:
        """How often `beat` must be called; None for never."""

    def take(self) -> bool:
        """Tries once to take part; returns whether this process may do jobs now."""

    def beat(self) -> None:
        """Shows the others that this process lives, and looks which of them do."""

    def release(self) -> None:
        """Ends the part; somebody else may do the jobs at once."""


def membership_of(database: Database, *, directory: Path, lease_seconds: float) -> Membership:
    """Returns the part in the work on a database: of the one at a time that may open a file, or of one among many."""
    if database.shared:
        return Crew(database=database, lease_seconds=lease_seconds)
    return Leadership(directory / "leader.lock")
