"""The session's purse: sets money aside before a paid call, corrects it after, and never passes the cap."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import anyio

from flora_mcp.flora.errors import FloraError
from flora_mcp.flora.spending.book import Book, BookError, Result, Sums, Till
from flora_mcp.flora.spending.cap import over_the_cap
from flora_mcp.flora.spending.charges import Charge, PaidCall, Start, Totals, micros, usd
from flora_mcp.flora.spending.ledger import Ledger
from flora_mcp.flora.spending.memory_book import MemoryBook
from flora_mcp.flora.spending.steps import another, doubt, learn_quote, release, settle, told, wanted
from flora_mcp.flora.types import RunState

Value = TypeVar("Value")

KEY_SECONDS = 7200.0
"""So long FLORA knows an idempotency key (`skill`)."""

KEPT = 5000
"""Runs that are remembered one by one; the book holds all."""

UNPRICED_SECONDS = 600.0
"""A call of unknown price elsewhere is waited for at most so long: its process may be gone."""

LOOK_SECONDS = 0.5
"""Between two looks whether such a call has ended."""

LATE = 1000
"""What a book that is away is told later, at most."""

log = logging.getLogger(__name__)


def new_session() -> str:
    return f"ses_{secrets.token_hex(8)}"


class Spending:
    """Decides on paid calls in the book, one transaction each.

    Args:
        cap_usd: The most that calls of this session may cost together; None for no cap.
        allow_unknown_prices: Under a cap, lets calls through whose price nobody can tell, one at a time.
        book: Where charges are kept; by default in memory, and in the ledger.
        ledger: Where calls are written down, without a book.
        money: What the amounts are, for the ledger.
        session: Names this session in the ledger.
        span: What a session is, in words.
        now: The time of day.
        sleep: Waits for a call elsewhere.
    """

    def __init__(
        self,
        *,
        cap_usd: float | None = None,
        allow_unknown_prices: bool = False,
        book: Book | None = None,
        ledger: Ledger | None = None,
        money: str = "USD",
        session: str | None = None,
        span: str = "this session",
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self.unpriced = anyio.Lock()
        """Held by a call under a cap whose price nobody can tell, until its answer has told."""
        self._cap_micros = None if cap_usd is None else micros(cap_usd)
        self._allow_unknown_prices = allow_unknown_prices
        self._book = book or MemoryBook(ledger=ledger, money=money, session=session or new_session())
        self._span = span
        self._now = now
        self._sleep = sleep
        self._sums = Sums()
        self._notes: OrderedDict[str, str] = OrderedDict()
        self._told: OrderedDict[str, tuple[str, float | None]] = OrderedDict()
        self._late: list[Callable[[Till], None]] = []
        self._warned = False

    @property
    def capped(self) -> bool:
        return self._cap_micros is not None

    @property
    def totals(self) -> Totals:
        """The session's money as it was after the last change that was made or seen from here."""
        return Totals(
            span=self._span,
            spent_usd=usd(self._sums.spent_micros),
            reserved_usd=usd(self._sums.reserved_micros),
            uncertain=self._sums.uncertain,
            cap_usd=None if self._cap_micros is None else usd(self._cap_micros),
        )

    def note(self, run_id: str) -> str:
        """Returns what was unusual about the call that started a run from here; mostly nothing."""
        return self._notes.get(run_id, "")

    async def reserve(self, call: PaidCall) -> Charge:
        """Sets the call's quote aside: between the look at the cap and the reservation nothing else happens.

        Raises:
            SpendCapError: it does not fit under the cap, or nobody can tell its price.
            FloraError: under a cap, the book cannot be written.
        """
        kept: list[Charge] = []
        while True:
            try:
                charge = await self._change(lambda till: self._set_aside(till, call, kept))
            except BookError as exc:
                if self.capped:
                    raise FloraError(
                        "Not sent, nothing was spent on it: the cap on spending cannot be checked now, as the book of "
                        "paid calls does not answer. Try again later."
                    ) from exc
                self._warn(exc)
                return self._fresh(call)
            except BaseException:
                # Cancelled before anything was sent; an earlier sending of the same call stays in doubt.
                for each in kept:
                    await self.released(each)
                raise
            if charge is not None:
                return charge
            await self._sleep(LOOK_SECONDS)

    async def accepted(self, charge: Charge, starts: Sequence[Start]) -> None:
        """Notes the runs that the call has started, with the quotes of the answer; none means that it costs nothing."""
        charges: list[Charge] = []

        def work(till: Till) -> None:
            current = till.charge(charge.id) or replace(charge)
            fresh = [start for start in starts if till.of_run(start.run_id) is None]
            if not fresh:
                # Also a repetition that was answered with the run of the first call: it is billed once.
                release(till, current)
                return
            share = -(-current.reserved_micros // len(fresh))
            charges[:] = [current, *(another(current) for _ in fresh[1:])]
            for each, start in zip(charges, fresh, strict=True):
                quote = start.quote_usd
                each.quote_usd = quote if quote is not None else each.quote_usd
                lesson = learn_quote(till, each)
                # A quote of 0 may be a gap as in the catalogue: it takes nothing back.
                each.reserved_micros = micros(quote * lesson.factor) if quote else share
                each.run_id = start.run_id
                each.move("started")
                till.keep(each)

        await self._note(work)
        for each in charges:
            if each.call.note and each.run_id is not None:
                _remember(self._notes, each.run_id, each.call.note)

    async def released(self, charge: Charge) -> None:
        """Gives back what was set aside: FLORA has refused the call."""

        def work(till: Till) -> None:
            current = till.charge(charge.id)
            if current is None:
                return
            if current.doubted:
                doubt(till, current)
            else:
                release(till, current)

        await self._note(work)

    async def doubted(self, charge: Charge) -> None:
        """Keeps what was set aside: nobody knows whether the call has got through."""
        await self._note(lambda till: doubt(till, till.charge(charge.id) or replace(charge)))

    async def observe(self, states: Iterable[RunState]) -> None:
        """Takes in how runs have ended and what they cost."""
        news = [state for state in states if state.ended and self._told.get(state.run_id) != told(state)]
        if not news:
            return

        def work(till: Till) -> None:
            for state in news:
                settle(till, state)

        await self._note(work)
        for state in news:
            _remember(self._told, state.run_id, told(state))

    def _set_aside(self, till: Till, call: PaidCall, kept: list[Charge]) -> Charge | None:
        """Returns the charge; None while a call of unknown price elsewhere has to be waited for."""
        earlier = till.doubtful(call, since=self._now() - timedelta(seconds=KEY_SECONDS))
        amount = wanted(till, call)
        if self._cap_micros is not None:
            self._sums = till.sums
            self._check_cap(call, wanted=amount - (earlier.reserved_micros if earlier else 0), cap=self._cap_micros)
            unknown = call.price.usd is None
            if unknown and till.unpriced(since=self._now() - timedelta(seconds=UNPRICED_SECONDS)):
                return None
        charge = earlier or self._fresh(call)
        if earlier is not None:
            charge.move("reserved")
        charge.quote_usd = call.price.usd
        charge.reserved_micros = max(amount, charge.reserved_micros)
        till.keep(charge)
        kept.append(charge)
        return charge

    def _fresh(self, call: PaidCall) -> Charge:
        return Charge(id=secrets.token_hex(16), call=call, began_at=self._now())

    def _check_cap(self, call: PaidCall, *, wanted: int, cap: int) -> None:
        left = cap - self._sums.spent_micros - self._sums.reserved_micros
        if call.price.usd is None:
            if not self._allow_unknown_prices or left <= 0:
                raise over_the_cap(self.totals, call, wanted=None, allowed=self._allow_unknown_prices)
        elif wanted > 0 and wanted > left:
            raise over_the_cap(self.totals, call, wanted=wanted, allowed=self._allow_unknown_prices)

    async def _change(self, work: Callable[[Till], Result]) -> Result:
        if self._late:
            await self._note(_nothing)

        def counted(till: Till) -> Result:
            result = work(till)
            self._sums = till.sums
            return result

        return await self._book.change(counted)

    async def _note(self, work: Callable[[Till], None]) -> None:
        """Writes down what has happened already: nothing undoes it, and a book that is away is told later."""
        works, self._late = [*self._late, work], []

        def tell(till: Till) -> None:
            for each in works:
                each(till)
            self._sums = till.sums

        with anyio.CancelScope(shield=True):
            try:
                await self._book.change(tell)
            except BookError as exc:
                self._late = [*works, *self._late][-LATE:]
                self._warn(exc)
            else:
                self._warned = False

    def _warn(self, trouble: BookError) -> None:
        if not self._warned:
            log.warning("The book of paid calls cannot be written, it is told later: %s", trouble)
        self._warned = True


def _nothing(_: Till) -> None:
    """Only what is late is written."""


def _remember(shelf: OrderedDict[str, Value], name: str, value: Value) -> None:
    shelf[name] = value
    if len(shelf) > KEPT:
        shelf.popitem(last=False)
