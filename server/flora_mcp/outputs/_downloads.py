"""Gets bytes from where a run says they are."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio

from flora_mcp.outputs.errors import FetchError, TooLargeError

MAX_BYTES = 200 * 1024 * 1024
FETCHES = 3
"""Downloads at a time; each holds up to `max_bytes` in memory."""
FETCH_TIMEOUT_SECONDS = 300.0


class Fetched(Protocol):
    """The bytes that an address gave."""

    @property
    def content(self) -> bytes: ...


Fetch = Callable[[str, int], Awaitable[Fetched]]
"""Gets an address, at most so many bytes of it."""


class Downloads:
    """A few at a time, each with a deadline.

    Args:
        fetch: Gets the bytes of an address.
        max_bytes: More are refused.
        errors: What `fetch` raises when one address gives nothing; anything else is a crash.
        timeout_seconds: Deadline of one download.
    """

    def __init__(
        self, *, fetch: Fetch, max_bytes: int, errors: tuple[type[Exception], ...], timeout_seconds: float
    ) -> None:
        self._fetch = fetch
        self._max_bytes = max_bytes
        self._errors = errors
        self._timeout_seconds = timeout_seconds
        self._places = anyio.Semaphore(FETCHES)

    async def get(self, url: str, *, run_id: str, output_id: str) -> bytes:
        """Returns the bytes of an output.

        Raises:
            FetchError: There are none to be had.
            TooLargeError: There are too many.
        """

        def failure(reason: str) -> FetchError:
            return FetchError(run_id=run_id, output_id=output_id, reason=reason)

        content = b""
        async with self._places:
            with anyio.move_on_after(self._timeout_seconds) as deadline:
                try:
                    content = (await self._fetch(url, self._max_bytes)).content
                except self._errors as exc:
                    raise failure(str(exc)[:300].rstrip(".") or type(exc).__name__) from exc
        if deadline.cancelled_caught:
            raise failure(f"no end after {self._timeout_seconds:g} s")
        if not content:
            raise failure("its address answered with no bytes")
        self.check(len(content), run_id=run_id, output_id=output_id)
        return content

    def check(self, size_bytes: int, *, run_id: str, output_id: str) -> None:
        """Refuses what is too large.

        Raises:
            TooLargeError: It is.
        """
        if size_bytes > self._max_bytes:
            raise TooLargeError(run_id=run_id, output_id=output_id, size_bytes=size_bytes, max_bytes=self._max_bytes)
