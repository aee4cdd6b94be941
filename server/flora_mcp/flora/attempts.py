"""Sends a request until FLORA gives an answer that counts, and never makes a paid thing twice."""

from __future__ import annotations

import math
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flora_mcp.flora.answers import Answer, error_of
from flora_mcp.flora.errors import (
    APIConnectionError,
    APIError,
    DuplicateKeyError,
    OutcomeUncertainError,
    RunUncertainError,
)
from flora_mcp.flora.requests import Creation

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 8.0
JITTER = 0.25
"""Up to this share of a delay is taken off (`sdk:client.ts`)."""

LONGEST_HINT_SECONDS = 30.0
"""A server that asks for a longer wait gets no retry: the error is raised at once and tells the wait
(`choice`: the SDK obeys any hint, and a program would seem to hang; 30 is the cap of `docs:platform/errors`)."""

RETRIED_STATUSES = frozenset({408, 409, 429})
"""Beside 500 and above (`sdk:client.ts`)."""

DUPLICATE = "idempotency_duplicate"

LOST_STATUSES = frozenset({408, 502, 504})
"""A gateway gave up on FLORA: the request may have got through (`choice`)."""

OPEN_STATUSES = frozenset({402, 408, 429})
"""Beside 500 and above: does not tell what an earlier, lost attempt did (`choice`)."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the client takes from the world, so that a test can give its own."""

    clock: Callable[[], float] = time.monotonic
    """Seconds, for deadlines."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    """For a `retry-after` that is a date."""
    draw: Callable[[], float] = random.random
    """A number from 0 to 1, for jitter."""
    new_key: Callable[[], str] = lambda: f"flora-mcp-{uuid.uuid4().hex}"
    """Makes an idempotency key."""


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """The retry rules of one client (`sdk:client.ts`)."""

    max_retries: int
    sleep: Callable[[float], Awaitable[None]]
    surroundings: Surroundings
    secret: str | None = None
    """Kept out of every error message."""

    async def answer(self, exchange: Callable[[], Awaitable[Answer]], *, creation: Creation | None = None) -> Answer:
        """Returns the first successful answer of at most `max_retries + 1` exchanges.

        Raises:
            APIError: the answer that was not worth another attempt, or the last one.
            DuplicateKeyError: the idempotency key was used before this call.
            OutcomeUncertainError: something was perhaps made although no attempt says so.
        """
        lost = False
        for number in range(self.max_retries + 1):
            delay_seconds = None
            try:
                answer = await exchange()
            except APIConnectionError as error:
                failure: APIError = error
                lost = lost or error.sent
                delay_seconds = self._backoff(number)
            else:
                if answer.succeeded:
                    return answer
                failure = error_of(answer, secret=self.secret)
                if creation and failure.code == DUPLICATE:
                    raise _duplicate(creation, failure, first=number == 0)
                lost = lost or answer.status in LOST_STATUSES
                if is_retried(answer):
                    delay_seconds = self._delay(number, answer.headers, failure)
                elif answer.status == 429:
                    failure.retry_after_seconds = hint_seconds(answer.headers, now=self.surroundings.now())
            if delay_seconds is None or number == self.max_retries:
                break
            await self.sleep(delay_seconds)
        if creation and lost and _leaves_open(failure):
            raise _uncertain(creation, f"no attempt got a clear answer, the last one gave: {failure}") from failure
        if creation and isinstance(failure, APIConnectionError):
            message = f"{failure.message} No connection was made, so no {creation.what} was started and none is billed."
            raise type(failure)(message, sent=False) from failure
        raise failure

    def _backoff(self, number: int) -> float:
        longest = min(FIRST_DELAY_SECONDS * 2.0**number, LONGEST_DELAY_SECONDS)
        return longest * (1 - self.surroundings.draw() * JITTER)

    def _delay(self, number: int, headers: Mapping[str, str], failure: APIError) -> float | None:
        """Returns how long to wait before the next attempt; None when the server asks for too long."""
        hint = hint_seconds(headers, now=self.surroundings.now())
        failure.retry_after_seconds = hint
        if hint is None:
            return self._backoff(number)
        return hint if hint <= LONGEST_HINT_SECONDS else None


def is_retried(answer: Answer) -> bool:
    """Tells whether an answer that is not a success is worth another attempt; the server has the last word."""
    said = answer.headers.get("x-should-retry")
    if said in {"true", "false"}:
        return said == "true"
    return answer.status in RETRIED_STATUSES or answer.status >= 500


def hint_seconds(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Returns how long the server asks to wait: `retry-after-ms`, else `retry-after` in seconds or as a date.

    A hint that is no number and no date, or lies in the past, counts as none.
    """
    for name, factor in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) * factor
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return seconds
    try:
        moment = parsedate_to_datetime(headers["retry-after"])
    except (KeyError, ValueError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = (moment - now).total_seconds()
    return seconds if seconds >= 0 else None


def uncertain_answer(creation: Creation, reason: object) -> OutcomeUncertainError:
    """Returns the error for a success whose answer cannot be read."""
    return _uncertain(creation, f"FLORA reported success, but: {reason}")


def _leaves_open(failure: APIError) -> bool:
    status = failure.status
    return status is None or status in OPEN_STATUSES or status >= 500


def _duplicate(creation: Creation, failure: APIError, *, first: bool) -> APIError | OutcomeUncertainError:
    if not first:
        return _uncertain(
            creation, f"an earlier attempt of this call got through and its answer was lost ({failure})", very=True
        )
    return DuplicateKeyError(
        f"{failure.message} The idempotency key {creation.idempotency_key!r} was used before, so its "
        f"{creation.what} was very probably started then. Look for it with {creation.find}; "
        f"use another key only to make another {creation.what}.",
        status=failure.status,
        code=failure.code,
        fields=failure.fields,
        request_id=failure.request_id,
    )


def _uncertain(creation: Creation, reason: str, *, very: bool = False) -> OutcomeUncertainError:
    kind = RunUncertainError if creation.paid else OutcomeUncertainError
    billed = " and is billed" if creation.paid else ""
    chance = "very probably" if very else "perhaps"
    return kind(
        f"The {creation.what} was {chance} started{billed}: {reason}. Do not send it again. "
        f"Look for it with {creation.find}, newest first; only if it is not there, call again with "
        f"idempotency_key={creation.idempotency_key!r}, which cannot make it twice within two hours.",
        idempotency_key=creation.idempotency_key,
        find=creation.find,
    )
