"""How often executions look at each other, and how long they wait."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Intervals:
    """Seconds."""

    claim: float = 0.25
    """A program that runs for so long is entered into the shared database, even if it has called nothing yet."""
    save: float = 1.0
    """What a running program prints is written down at most so often."""
    beat: float = 5.0
    """An owner says so often that it is alive; it is taken for gone after four times as long."""
    look: float = 0.5
    """An execution of another process is read so often while a call follows it."""
    hold: float = 120.0
    """So long an execution that nobody wants any more is kept, for the call that may be sent again."""
    landing: float = 10.0
    """So long the end of a program waits for paid calls that are under way, to name their runs."""
    closing: float = 2.0
    """What is written down when the server ends must be written within it."""
