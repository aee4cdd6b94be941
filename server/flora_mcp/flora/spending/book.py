"""Where charges are kept, and the transactions in which is decided on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from flora_mcp.flora.spending.charges import Charge, PaidCall

Result = TypeVar("Result")


class BookError(Exception):
    """The book cannot be written now; nothing in it has changed."""


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What counts towards the cap, in millionths of a dollar."""

    spent_micros: int = 0
    reserved_micros: int = 0
    uncertain: int = 0
    """Calls without a clear answer."""

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            spent_micros=self.spent_micros + other.spent_micros,
            reserved_micros=self.reserved_micros + other.reserved_micros,
            uncertain=self.uncertain + other.uncertain,
        )

    def __sub__(self, other: Sums) -> Sums:
        return self + Sums(
            spent_micros=-other.spent_micros, reserved_micros=-other.reserved_micros, uncertain=-other.uncertain
        )


@dataclass(frozen=True, kw_only=True)
class Learned:
    """What is known better than the catalogue knows it."""

    quoted_usd: float = 0.0
    """The most that an answer has quoted for one run."""
    factor: float = 1.0
    """How many times its quote a run has cost at most."""


class Till(Protocol):
    """What one transaction sees of the book and changes in it. What it has read stays true until the end."""

    @property
    def sums(self) -> Sums:
        """Of the session, with the changes so far."""
        ...

    def charge(self, charge_id: str) -> Charge | None:
        """Returns a charge by its id."""
        ...

    def of_run(self, run_id: str) -> Charge | None:
        """Returns the charge of a run, also one of an earlier session if the book knows it."""
        ...

    def doubtful(self, call: PaidCall, *, since: datetime) -> Charge | None:
        """Returns the charge of the same call when it was sent since then, and nobody knows whether it got through."""
        ...

    def unpriced(self, *, since: datetime) -> bool:
        """Returns whether a call of unknown price, begun since then, is under way elsewhere."""
        ...

    def learned(self, subject: str) -> Learned:
        """Returns what the session knows of a model, technique or action."""
        ...

    def learn(self, subject: str, learned: Learned) -> None:
        """Notes what is known now."""
        ...

    def keep(self, charge: Charge) -> None:
        """Enters a charge, or its changes; the sums follow."""
        ...

    def settle_stranger(self, run_id: str, *, status: str, cost_usd: float | None) -> None:
        """Notes the end of a run that `of_run` does not know, where lines are kept that are no charges any more."""
        ...


class Book(Protocol):
    """Keeps the charges of one tenant."""

    async def change(self, work: Callable[[Till], Result]) -> Result:
        """Runs `work` in one transaction, and returns what it returns; what it raises undoes it.

        Raises:
            BookError: The book cannot be written.
        """
        ...


def sums_of(charge: Charge) -> Sums:
    """Returns what a charge adds to the sums."""
    return Sums(
        spent_micros=charge.cost_micros or 0,
        reserved_micros=charge.reserved_micros,
        uncertain=int(charge.status == "uncertain"),
    )
