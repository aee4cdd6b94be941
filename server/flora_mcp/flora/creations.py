"""What is known about a thing that was to be made when no attempt brought its answer back."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from flora_mcp.flora.errors import (
    APIConnectionError,
    APIError,
    DuplicateKeyError,
    OutcomeUncertainError,
    RunUncertainError,
)

Trace = Literal["unsent", "lost", "answered"]
"""How an attempt ended: it never left, its answer never came, or it was refused."""

DUPLICATE = "idempotency_duplicate"
"""The code of a 409 for a key that made something in the last two hours (`docs:platform/idempotency`)."""

LOST_STATUSES = frozenset({408, 502, 504})
"""A gateway gave up on FLORA: the request may have got through (`choice`). After a plain 500 or 503 FLORA
releases the key, so nothing was made."""

OPEN_STATUSES = frozenset({402, 408, 429})
"""Beside 500 and above: a refusal that does not tell what an earlier, lost attempt did (`choice`)."""


@dataclass(frozen=True, kw_only=True)
class Creation:
    """What a request makes, for the case that its answer is lost."""

    what: str
    """The thing in a word, such as `generation`."""
    idempotency_key: str
    """Goes out with every attempt, so that FLORA makes it once."""
    find: str
    """The call that shows whether it was made."""
    paid: bool = False


def unfinished(failure: APIError, creation: Creation | None, trail: Set[Trace]) -> APIError | OutcomeUncertainError:
    """Returns what to raise when the last attempt failed too."""
    silent = isinstance(failure, APIConnectionError)
    if creation is None:
        return failure
    if isinstance(failure, APIConnectionError) and trail == {"unsent"}:
        return type(failure)(
            f"{failure.message} No connection was made, so no {creation.what} was started and nothing is billed. "
            f"Check the network, then send it again.",
            sent=False,
        )
    if silent or ("lost" in trail and _leaves_open(failure)):
        return _uncertain(
            creation,
            chance="perhaps",
            reason=f"no attempt got a clear answer, and the last one ended with: {failure}",
            step=f"Only if it is not there, call again with idempotency_key={creation.idempotency_key!r}: "
            f"within two hours that cannot make it twice.",
        )
    return failure


def duplicate(failure: APIError, creation: Creation, *, first: bool) -> APIError | OutcomeUncertainError:
    """Returns what to raise when FLORA knows the key: `first` when no attempt of this call reached it before."""
    if first:
        return DuplicateKeyError(
            f"{failure.message} The idempotency key {creation.idempotency_key!r} was used before, so its "
            f"{creation.what} was very probably started then. Look for it with {creation.find}; "
            f"use another key only to make another {creation.what}.",
            status=failure.status,
            code=failure.code,
            fields=failure.fields,
            request_id=failure.request_id,
        )
    return _uncertain(
        creation,
        chance="very probably",
        reason=f"an earlier attempt got through, its answer was lost, and the next one ended with: {failure}",
        step="Take its run from there.",
    )


def unreadable_creation(creation: Creation, reason: object) -> OutcomeUncertainError:
    """Returns what to raise when FLORA reported success in a form that cannot be read."""
    return _uncertain(
        creation,
        chance="very probably",
        reason=f"FLORA reported success, but in a form that cannot be read: {reason}",
        step="Take its id from there.",
    )


def _leaves_open(failure: APIError) -> bool:
    return failure.status is not None and (failure.status in OPEN_STATUSES or failure.status >= 500)


def _uncertain(creation: Creation, *, chance: str, reason: str, step: str) -> OutcomeUncertainError:
    kind = RunUncertainError if creation.paid else OutcomeUncertainError
    billed = " and is then billed" if creation.paid else ""
    return kind(
        f"The {creation.what} was {chance} started{billed}: {str(reason).rstrip('.')}. Do not send it again: "
        f"look for it with {creation.find}. {step}",
        idempotency_key=creation.idempotency_key,
        find=creation.find,
    )
