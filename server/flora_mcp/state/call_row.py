"""One paid call as all processes see it. Amounts are whole millionths of a dollar, so that sums are exact."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CallRow:
    """A line of the book. It holds no prompt, no parameters and no key of an account."""

    id: str
    session: str
    """Whose cap it counts towards, such as the day."""
    began_at: str
    """UTC, ISO 8601 with microseconds: texts are in the order of times."""
    money: str
    """`USD`, or `studio` for credits that no money is behind."""
    method: str
    status: str
    subject: str | None
    """The model, technique or action."""
    workspace_id: str | None
    run_id: str | None
    idempotency_key: str
    content: str
    """A hash that stands for all that was sent."""
    quote_usd: float | None
    reserved_micros: int
    cost_micros: int | None
    """The settled cost; None until it is told."""
    doubted: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class SessionSums:
    """What the calls of one session come to."""

    spent_micros: int = 0
    reserved_micros: int = 0
    uncertain: int = 0
    """Calls without a clear answer."""
