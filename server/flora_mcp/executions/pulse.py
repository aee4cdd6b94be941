"""One signal for all that is worth telling a waiting client."""

import anyio


class Pulse:
    """Wakes everybody who waits for news: a run has changed, a program has printed."""

    def __init__(self) -> None:
        self._beat = anyio.Event()

    def beat(self) -> None:
        self._beat.set()
        self._beat = anyio.Event()

    async def wait(self) -> None:
        """Returns at the next beat after the call."""
        await self._beat.wait()
