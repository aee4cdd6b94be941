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

from flora_mcp.flora._public import Resolve, resolve
from flora_mcp.flora.answers import Answer, error_of
from flora_mcp.flora.creations import DUPLICATE, LOST_STATUSES, Creation, Trace, duplicate, unfinished
from flora_mcp.flora.errors import APIConnectionError, APIError

FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 8.0
JITTER = 0.25
"""Up to this share of a delay is taken off (`sdk:client.ts`)."""

LONGEST_HINT_SECONDS = 30.0
"""A server that asks for a longer wait gets no retry: the error is raised at once and tells the wait
(`choice`: the SDK obeys any hint, and a program would seem to hang; 30 is the cap of `docs:platform/errors`)."""

RETRIED_STATUSES = frozenset({408, 409, 429})
"""Beside 500 and above (`sdk:client.ts`)."""


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
    resolve: Resolve = resolve
    """Turns names into addresses, of addresses that strangers name."""


@dataclass(frozen=True, kw_only=True)
class Attempts:
    """The retry rules of one client (`sdk:client.ts`)."""

    max_retries: int
    sleep: Callable[[float], Awaitable[None]]
    surroundings: Surroundings

    async def answer(self, exchange: Callable[[], Awaitable[Answer]], *, creation: Creation | None = None) -> Answer:
        """Returns the first successful answer of at most `max_retries + 1` exchanges.

        Raises:
            APIError: the answer that was not worth another attempt, or the last one.
            DuplicateKeyError: the idempotency key was used before this call.
            OutcomeUncertainError: something was perhaps made although no attempt says so.
        """
        trail: set[Trace] = set()
        for number in range(self.max_retries + 1):
            try:
                answer = await exchange()
            except APIConnectionError as error:
                failure: APIError = error
                trail.add("lost" if error.sent else "unsent")
                delay_seconds: float | None = self._backoff(number)
            else:
                if answer.succeeded:
                    return answer
                failure = self._failure(answer)
                if creation and failure.code == DUPLICATE:
                    raise duplicate(failure, creation, first=trail <= {"unsent"}) from failure
                trail.add("lost" if answer.status in LOST_STATUSES else "answered")
                delay_seconds = self._delay(number, failure) if is_retried(answer) else None
            if delay_seconds is None or number == self.max_retries:
                break
            await self.sleep(delay_seconds)
        raised = unfinished(failure, creation, trail)
        raise raised from (failure.__cause__ if raised is failure else failure)

    def _failure(self, answer: Answer) -> APIError:
        failure = error_of(answer)
        failure.retry_after_seconds = hint_seconds(answer.headers, now=self.surroundings.now())
        return failure

    def _backoff(self, number: int) -> float:
        longest = min(FIRST_DELAY_SECONDS * 2.0**number, LONGEST_DELAY_SECONDS)
        return longest * (1 - self.surroundings.draw() * JITTER)

    def _delay(self, number: int, failure: APIError) -> float | None:
        """Returns how long to wait before the next attempt; None when the server asks for too long."""
        hint = failure.retry_after_seconds
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
