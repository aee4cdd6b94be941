"""Open sandboxes that tests share."""

from contextlib import AsyncExitStack

from code_sandbox import Exposure, Limits, Sandbox


class Sandboxes:
    """The sandboxes that were used last: to start one costs more than twenty programs."""

    KEPT = 3

    def __init__(self, exposure: Exposure) -> None:
        self._exposure = exposure
        self._open: dict[Limits, tuple[Sandbox, AsyncExitStack]] = {}

    async def of(self, limits: Limits) -> Sandbox:
        """Returns the sandbox with these limits."""
        if limits in self._open:
            self._open[limits] = self._open.pop(limits)
        else:
            stack = AsyncExitStack()
            sandbox = Sandbox(exposure=self._exposure, limits=limits)
            self._open[limits] = await stack.enter_async_context(sandbox), stack
        await self.close(keep=self.KEPT)
        return self._open[limits][0]

    async def close(self, *, keep: int = 0) -> None:
        """Closes those that were not used for longest."""
        while len(self._open) > keep:
            _, stack = self._open.pop(next(iter(self._open)))
            await stack.aclose()
