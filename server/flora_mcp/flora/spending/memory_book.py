"""The book of one process: counts in memory, which alone decides, and keeps the ledger beside it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flora_mcp.flora.spending.book import Learned, Result, Sums, Till, sums_of
from flora_mcp.flora.spending.charges import Charge, PaidCall
from flora_mcp.flora.spending.ledger import Entry, Ledger

KEPT = 5000
"""Charges that are remembered one by one; the sums hold all."""


class MemoryBook:
    """Decides at once: between the look at the sums and the change nothing else happens.

    Args:
        ledger: Where calls are written down; one that cannot be written stops nothing.
        money: What the amounts are, for the ledger.
        session: Names this session in the ledger.
    """

    def __init__(self, *, ledger: Ledger | None = None, money: str = "USD", session: str) -> None:
        self._ledger = ledger
        self._money = money
        self._session = session
        self._drawer = _Drawer()

    async def change(self, work: Callable[[Till], Result]) -> Result:
        """Runs `work` before anything else happens, then writes the ledger."""
        result = work(self._drawer)
        charges, strangers = self._drawer.news()
        if self._ledger is not None:
            if strangers:
                await self._ledger.settle(strangers)
            await self._ledger.write([self._entry(charge) for charge in charges])
        return result

    def _entry(self, charge: Charge) -> Entry:
        return Entry(
            id=charge.id,
            began_at=charge.began_at.isoformat(),
            session=self._session,
            money=self._money,
            method=charge.call.method,
            status=charge.status,
            subject=charge.call.price.subject,
            workspace_id=charge.call.workspace_id,
            run_id=charge.run_id,
            idempotency_key=charge.call.idempotency_key,
            quote_usd=charge.quote_usd,
            cost_usd=charge.cost_usd,
            note=charge.call.note,
        )


@dataclass(kw_only=True, eq=False)
class _Drawer:
    sums: Sums = field(default_factory=Sums)
    charges: OrderedDict[str, Charge] = field(default_factory=OrderedDict)
    counted: dict[str, Sums] = field(default_factory=dict)
    runs: dict[str, Charge] = field(default_factory=dict)
    lessons: dict[str, Learned] = field(default_factory=dict)
    changed: dict[str, Charge] = field(default_factory=dict)
    strangers: list[tuple[str, str, float | None]] = field(default_factory=list)

    def charge(self, charge_id: str) -> Charge | None:
        return self.charges.get(charge_id)

    def of_run(self, run_id: str) -> Charge | None:
        return self.runs.get(run_id)

    def doubtful(self, call: PaidCall, *, since: datetime) -> Charge | None:
        return next((each for each in self.charges.values() if each.is_doubtful(call, since=since)), None)

    def unpriced(self, *, since: datetime) -> bool:
        return False  # there is no elsewhere

    def learned(self, subject: str) -> Learned:
        return self.lessons.get(subject, Learned())

    def learn(self, subject: str, learned: Learned) -> None:
        self.lessons[subject] = learned

    def keep(self, charge: Charge) -> None:
        now = sums_of(charge)
        self.sums += now - self.counted.get(charge.id, Sums())
        self.counted[charge.id] = now
        self.charges[charge.id] = self.changed[charge.id] = charge
        if charge.run_id is not None:
            self.runs[charge.run_id] = charge
        self._forget()

    def settle_stranger(self, run_id: str, *, status: str, cost_usd: float | None) -> None:
        self.strangers.append((run_id, status, cost_usd))

    def news(self) -> tuple[list[Charge], list[tuple[str, str, float | None]]]:
        """Returns what has changed since the last call."""
        charges, strangers = list(self.changed.values()), self.strangers
        self.changed, self.strangers = {}, []
        return charges, strangers

    def _forget(self) -> None:
        """Lets go of the oldest charges that can hardly change any more."""
        if len(self.charges) <= 2 * KEPT:
            return
        done = [each for each in self.charges.values() if each.is_done]
        for charge in done[: len(self.charges) - KEPT]:
            del self.charges[charge.id], self.counted[charge.id]
            self.changed.pop(charge.id, None)
            if charge.run_id is not None:
                del self.runs[charge.run_id]
