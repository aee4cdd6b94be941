"""The session's purse: sets money aside before a paid call, corrects it after, and never passes the cap."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

import anyio

from flora_mcp.flora.spending.cap import over_the_cap
from flora_mcp.flora.spending.charges import MOST_USD, Charge, PaidCall, Start, Totals, micros, usd
from flora_mcp.flora.spending.ledger import Entry, Ledger
from flora_mcp.flora.types import RunState

KEY_SECONDS = 7200.0
"""So long FLORA knows an idempotency key (`skill`)."""

KEPT = 5000
"""Charges that are remembered one by one; the sums hold all."""

SINGLE = frozenset({"generations.create", "runs.start_generation"})
"""Calls that make one run of one model: what an answer quotes is a better guess for the next than the catalogue."""

WORST_FACTOR = 10.0
"""A quote is raised by what settled costs have exceeded quotes by, at most so many times."""


def new_session() -> str:
    return f"ses_{secrets.token_hex(8)}"


class Spending:
    """Counts in memory, which alone decides on the cap, and keeps the ledger beside it.

    Args:
        cap_usd: The most that calls of this session may cost together; None for no cap.
        allow_unknown_prices: Under a cap, lets calls through whose price nobody can tell, one at a time.
        ledger: Where calls are written down.
        money: What the amounts are, for the ledger.
        session: Names this session in the ledger.
        clock: Seconds.
        now: The time of day.
    """

    def __init__(
        self,
        *,
        cap_usd: float | None = None,
        allow_unknown_prices: bool = False,
        ledger: Ledger | None = None,
        money: str = "USD",
        session: str | None = None,
        clock: Callable[[], float] = monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.session = session or new_session()
        self.unpriced = anyio.Lock()
        """Held by a call under a cap whose price nobody can tell, until its answer has told."""
        self._cap_micros = None if cap_usd is None else micros(cap_usd)
        self._allow_unknown_prices = allow_unknown_prices
        self._ledger = ledger
        self._money = money
        self._clock = clock
        self._now = now
        self._spent_micros = 0
        self._reserved_micros = 0
        self._open: dict[str, Charge] = {}
        self._runs: OrderedDict[str, Charge] = OrderedDict()
        self._foreign: OrderedDict[tuple[str, str, float | None], None] = OrderedDict()
        self._factors: dict[str, float] = {}
        self._quoted_usd: dict[str, float] = {}

    @property
    def capped(self) -> bool:
        return self._cap_micros is not None

    @property
    def totals(self) -> Totals:
        return Totals(
            spent_usd=usd(self._spent_micros),
            reserved_usd=usd(self._reserved_micros),
            uncertain=sum(charge.status == "uncertain" for charge in self._open.values()),
            cap_usd=None if self._cap_micros is None else usd(self._cap_micros),
        )

    def of_run(self, run_id: str) -> Charge | None:
        """Returns what is known of a run that this session has started."""
        return self._runs.get(run_id)

    async def reserve(self, call: PaidCall) -> Charge:
        """Sets the call's quote aside, at once: between the look at the cap and the reservation nothing else happens.

        Raises:
            SpendCapError: it does not fit under the cap, or nobody can tell its price.
        """
        earlier = self._taken_up(call)
        wanted = self._wanted(call)
        if self._cap_micros is not None:
            self._check_cap(call, wanted=wanted - (earlier.reserved_micros if earlier else 0), cap=self._cap_micros)
        charge = earlier or Charge(
            id=secrets.token_hex(16), call=call, began_at=self._now(), began_clock_seconds=self._clock()
        )
        if earlier is not None:
            charge.move("reserved")
        charge.quote_usd = call.price.usd
        self._open[charge.id] = charge
        self._set_aside(charge, max(wanted, charge.reserved_micros))
        try:
            await self._write([charge])
        except BaseException:
            # Cancelled before anything was sent; an earlier sending of the same call stays in doubt.
            if earlier is not None:
                self._doubt(charge)
            else:
                self._release(charge)
            raise
        return charge

    async def accepted(self, charge: Charge, starts: Sequence[Start]) -> None:
        """Notes the runs that the call has started, with the quotes of the answer; none means that it costs nothing."""
        fresh = [start for start in starts if start.run_id not in self._runs]
        if not fresh:
            # Also a repetition that was answered with the run of the first call: it is billed once.
            self._release(charge)
            await self._write([charge])
            return
        share = -(-charge.reserved_micros // len(fresh))
        charges = [charge, *(self._another(charge) for _ in fresh[1:])]
        for each, start in zip(charges, fresh, strict=True):
            self._open[each.id] = each
            quote = start.quote_usd
            # A quote of 0 may be a gap as in the catalogue: it takes nothing back.
            kept = micros(quote * self._factor(each)) if quote else share
            each.quote_usd = quote if quote is not None else each.quote_usd
            self._learn_quote(each)
            self._set_aside(each, kept)
            each.run_id = start.run_id
            each.move("started")
            self._runs[start.run_id] = each
        self._forget()
        await self._write(charges)

    async def released(self, charge: Charge) -> None:
        """Gives back what was set aside: FLORA has refused the call."""
        if charge.doubted:
            self._doubt(charge)
        else:
            self._release(charge)
        await self._write([charge])

    async def doubted(self, charge: Charge) -> None:
        """Keeps what was set aside: nobody knows whether the call has got through."""
        self._doubt(charge)
        await self._write([charge])

    async def observe(self, states: Iterable[RunState]) -> None:
        """Takes in how runs have ended and what they cost."""
        changed, foreign = [], []
        for state in states:
            if not state.ended:
                continue
            charge = self._runs.get(state.run_id)
            if charge is None:
                foreign += self._foreign_cost(state)
            elif self._settle(charge, state):
                changed.append(charge)
        if self._ledger is not None and foreign:
            await self._ledger.settle(foreign)
        await self._write(changed)

    def _wanted(self, call: PaidCall) -> int:
        """Returns what to set aside: the quote of the catalogue, or what this session knows better by now."""
        subject = call.price.subject or ""
        if not call.price.usd:
            return 0
        return micros(max(call.price.usd, self._quoted_usd.get(subject, 0.0)) * self._factors.get(subject, 1.0))

    def _factor(self, charge: Charge) -> float:
        return self._factors.get(charge.call.price.subject or "", 1.0)

    def _check_cap(self, call: PaidCall, *, wanted: int, cap: int) -> None:
        left = cap - self._spent_micros - self._reserved_micros
        if call.price.usd is None:
            if not self._allow_unknown_prices or left <= 0:
                raise over_the_cap(self.totals, call, wanted=None, allowed=self._allow_unknown_prices)
        elif wanted > 0 and wanted > left:
            raise over_the_cap(self.totals, call, wanted=wanted, allowed=self._allow_unknown_prices)

    def _taken_up(self, call: PaidCall) -> Charge | None:
        """Returns the charge of the same call when it was sent before and its outcome is unknown: it is billed once."""
        for charge in self._open.values():
            same = (charge.call.method, charge.call.idempotency_key, charge.call.content)
            known = self._clock() - charge.began_clock_seconds < KEY_SECONDS
            if charge.status == "uncertain" and known and same == (call.method, call.idempotency_key, call.content):
                return charge
        return None

    def _another(self, charge: Charge) -> Charge:
        return replace(charge, id=secrets.token_hex(16), reserved_micros=0)

    def _settle(self, charge: Charge, state: RunState) -> bool:
        """Returns whether anything was new."""
        failed = state.status != "completed"
        cost = state.charged_cost
        if failed:
            cost = cost or 0.0  # a failed run is not billed (`docs:errors`), unless FLORA says so itself
        before = (charge.status, charge.cost_micros)
        charge.move("failed" if failed else "completed")
        if cost is not None:
            self._set_aside(charge, 0)
            self._spent_micros += micros(cost) - (charge.cost_micros or 0)
            charge.cost_micros = micros(cost)
            self._learn(charge)
            self._open.pop(charge.id, None)
        return before != (charge.status, charge.cost_micros)

    def _learn_quote(self, charge: Charge) -> None:
        subject = charge.call.price.subject
        if subject and charge.call.method in SINGLE and charge.quote_usd:
            self._quoted_usd[subject] = min(max(self._quoted_usd.get(subject, 0.0), charge.quote_usd), MOST_USD)

    def _learn(self, charge: Charge) -> None:
        """Raises later quotes for a model that has cost more than it was quoted at (`skill`: up to 3.45 times)."""
        subject = charge.call.price.subject
        if subject and charge.quote_usd and charge.cost_usd:
            factor = min(charge.cost_usd / charge.quote_usd, WORST_FACTOR)
            self._factors[subject] = max(self._factors.get(subject, 1.0), factor)

    def _foreign_cost(self, state: RunState) -> list[tuple[str, str, float | None]]:
        """Returns what the ledger is told of a run of another session, once."""
        completed = state.status == "completed"
        cost = state.charged_cost if completed else state.charged_cost or 0.0
        told = (state.run_id, "completed" if completed else "failed", cost)
        if told in self._foreign:
            return []
        self._foreign[told] = None
        if len(self._foreign) > KEPT:
            self._foreign.popitem(last=False)
        return [told]

    def _release(self, charge: Charge) -> None:
        self._set_aside(charge, 0)
        charge.move("released")
        self._open.pop(charge.id, None)

    def _doubt(self, charge: Charge) -> None:
        charge.move("uncertain")
        charge.doubted = True

    def _set_aside(self, charge: Charge, amount_micros: int) -> None:
        self._reserved_micros += amount_micros - charge.reserved_micros
        charge.reserved_micros = amount_micros

    def _forget(self) -> None:
        if len(self._runs) > KEPT:
            settled = [run_id for run_id, charge in self._runs.items() if charge.cost_micros is not None]
            for run_id in settled[: len(self._runs) - KEPT]:
                del self._runs[run_id]

    async def _write(self, charges: Sequence[Charge]) -> None:
        if self._ledger is not None:
            await self._ledger.write([self._entry(charge) for charge in charges])

    def _entry(self, charge: Charge) -> Entry:
        return Entry(
            id=charge.id,
            began_at=charge.began_at.isoformat(),
            session=self.session,
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
