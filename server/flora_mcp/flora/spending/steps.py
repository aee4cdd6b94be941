"""The steps that are taken with charges, each within one transaction of the book."""

from __future__ import annotations

import secrets
from dataclasses import replace

from flora_mcp.flora.spending.book import Learned, Till
from flora_mcp.flora.spending.charges import MOST_USD, Charge, PaidCall, micros
from flora_mcp.flora.types import RunState

SINGLE = frozenset({"generations.create", "runs.start_generation"})
"""Calls that make one run of one model: what an answer quotes is a better guess for the next than the catalogue."""

WORST_FACTOR = 10.0
"""A quote is raised by what settled costs have exceeded quotes by, at most so many times."""


def wanted(till: Till, call: PaidCall) -> int:
    """Returns what to set aside: the quote of the catalogue, or what this session knows better by now."""
    if not call.price.usd:
        return 0
    learned = till.learned(call.price.subject or "")
    return micros(max(call.price.usd, learned.quoted_usd) * learned.factor)


def another(charge: Charge) -> Charge:
    return replace(charge, id=secrets.token_hex(16), reserved_micros=0)


def release(till: Till, charge: Charge) -> None:
    charge.reserved_micros = 0
    charge.move("released")
    till.keep(charge)


def doubt(till: Till, charge: Charge) -> None:
    charge.move("uncertain")
    charge.doubted = True
    till.keep(charge)


def settle(till: Till, state: RunState) -> None:
    charge = till.of_run(state.run_id)
    status, cost = told(state)
    if charge is None:
        till.settle_stranger(state.run_id, status=status, cost_usd=cost)
        return
    before = (charge.status, charge.cost_micros)
    charge.move("failed" if status == "failed" else "completed")
    if cost is not None:
        charge.reserved_micros = 0
        charge.cost_micros = micros(cost)
        _learn(till, charge)
    if before != (charge.status, charge.cost_micros):
        till.keep(charge)


def told(state: RunState) -> tuple[str, float | None]:
    """Returns how a run has ended and what it cost; None while that is not known."""
    if state.status == "completed":
        return "completed", state.charged_cost
    # A failed run is not billed (`docs:errors`), unless FLORA says so itself.
    return "failed", state.charged_cost or 0.0


def learn_quote(till: Till, charge: Charge) -> Learned:
    subject = charge.call.price.subject or ""
    learned = till.learned(subject)
    if subject and charge.call.method in SINGLE and (charge.quote_usd or 0.0) > learned.quoted_usd:
        learned = replace(learned, quoted_usd=min(charge.quote_usd or 0.0, MOST_USD))
        till.learn(subject, learned)
    return learned


def _learn(till: Till, charge: Charge) -> None:
    """Raises later quotes for a model that has cost more than it was quoted at (`skill`: up to 3.45 times)."""
    subject = charge.call.price.subject
    if subject and charge.quote_usd and charge.cost_usd:
        learned, factor = till.learned(subject), min(charge.cost_usd / charge.quote_usd, WORST_FACTOR)
        if factor > learned.factor:
            till.learn(subject, replace(learned, factor=factor))
