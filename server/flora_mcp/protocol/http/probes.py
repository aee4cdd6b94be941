"""Whether the server is alive, and whether it can work: what orchestrators ask."""

import logging
from collections.abc import Awaitable, Callable, Mapping

import anyio
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

logger = logging.getLogger(__name__)

ALIVE = "/healthz"
READY = "/readyz"

CHECK_SECONDS = 10.0
"""A check that takes longer has failed."""

FRESH_SECONDS = 2.0
"""For so long a result is told again: whoever asks often makes no work."""

Check = Callable[[], Awaitable[None]]
"""Returns if that part works, and raises if not."""


class Probes:
    """Asks the parts that work depends on.

    Args:
        checks: By the name of the part.
        ending: Is set when the server is about to end: it takes no new work.
        clock: Seconds.
    """

    def __init__(
        self, checks: Mapping[str, Check], *, ending: anyio.Event, clock: Callable[[], float] = anyio.current_time
    ) -> None:
        self._checks = checks
        self._ending = ending
        self._clock = clock
        self._asking = anyio.Lock()
        self._asked_at = float("-inf")
        self._found: dict[str, bool] = {}

    async def alive(self, _: Request) -> Response:
        """Answers for as long as the process can answer at all."""
        return JSONResponse({"alive": True})

    async def ready(self, _: Request) -> Response:
        """Answers 200 if every part works, and else 503; what is wrong stands in the log."""
        async with self._asking:
            if self._clock() - self._asked_at > FRESH_SECONDS:
                self._found = {name: await _works(name, check) for name, check in self._checks.items()}
                self._asked_at = self._clock()
        ready = all(self._found.values()) and not self._ending.is_set()
        body = {"ready": ready, "ending": self._ending.is_set(), "parts": self._found}
        return JSONResponse(body, status_code=200 if ready else 503, headers={"cache-control": "no-store"})


async def _works(name: str, check: Check) -> bool:
    try:
        with anyio.fail_after(CHECK_SECONDS):
            await check()
    except Exception as exc:  # the border to whatever is asked: that it fails is the answer
        logger.warning("Not ready: %s: %s", name, str(exc) or type(exc).__name__)
        return False
    return True
