"""One paid call, from the money that is set aside for it to what it cost in the end."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flora_mcp.flora.spending.prices import Price

MOST_USD = 1e9
"""No amount is larger; an answer may hold any number."""

Status = Literal["reserved", "started", "uncertain", "released", "completed", "failed"]
"""`uncertain`: no clear answer came, so it is perhaps billed. `released`: it was not started, or not billed twice."""

MOVES: dict[Status, frozenset[Status]] = {
    "reserved": frozenset({"started", "uncertain", "released"}),
    "uncertain": frozenset({"reserved"}),
    "started": frozenset({"completed", "failed"}),
    "completed": frozenset({"completed", "failed"}),
    "failed": frozenset({"failed", "completed"}),
    "released": frozenset(),
}
"""The legal moves. `uncertain` is taken up when the same call is sent again under the same idempotency key; a run that
has ended may still tell another cost later."""


@dataclass(frozen=True, kw_only=True)
class PaidCall:
    """A call that can be billed, before it is sent."""

    method: str
    """Such as `generations.create`."""
    price: Price
    workspace_id: str | None
    idempotency_key: str
    content: str
    """Stands for all that is sent: two calls with the same one are the same call."""
    note: str = ""
    """What was unusual, such as parameters that went unchecked."""


@dataclass(frozen=True, kw_only=True)
class Start:
    """A run that a paid call has started."""

    run_id: str
    quote_usd: float | None


@dataclass(kw_only=True, eq=False)
class Charge:
    """What is known of the money for one run. Amounts are whole millionths of a dollar, so that sums are exact."""

    id: str
    call: PaidCall
    began_at: datetime
    status: Status = "reserved"
    run_id: str | None = None
    reserved_micros: int = 0
    """Set aside as long as the cost is not known."""
    doubted: bool = False
    """Its answer was lost once: a later refusal does not tell what the first sending did."""
    quote_usd: float | None = None
    """What was told before: by the catalogue, then by the answer."""
    cost_micros: int | None = None
    """The settled cost; None until FLORA tells it."""

    @property
    def is_done(self) -> bool:
        """Whether its cost is known, or known to be none."""
        return self.status == "released" or self.cost_micros is not None

    def is_doubtful(self, call: PaidCall, *, since: datetime) -> bool:
        """Returns whether it is of the same call, sent since then, without a clear answer."""
        same = (self.call.method, self.call.idempotency_key, self.call.content)
        other = (call.method, call.idempotency_key, call.content)
        return self.status == "uncertain" and self.began_at > since and same == other

    def move(self, status: Status) -> None:
        assert status in MOVES[self.status], (self.status, status)
        self.status = status

    @property
    def cost_usd(self) -> float | None:
        return None if self.cost_micros is None else usd(self.cost_micros)


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The session's money so far."""

    span: str
    """What a session is, such as "this session"."""
    spent_usd: float
    """Settled."""
    reserved_usd: float
    """Set aside for calls whose cost is not known yet."""
    uncertain: int
    """Calls without a clear answer; what is set aside for them stays so."""
    cap_usd: float | None


def micros(amount_usd: float) -> int:
    """Returns an amount in millionths of a dollar, rounded up; nothing is ever negative."""
    return math.ceil(round(min(max(amount_usd, 0.0), MOST_USD) * 1_000_000, 3))


def usd(amount_micros: int) -> float:
    return amount_micros / 1_000_000
