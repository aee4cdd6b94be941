"""What stands between an execution and FLORA: it must be the only one of its content, and somebody must want it."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import anyio
from anyio.abc import TaskGroup

from flora_mcp.executions.errors import JournalError
from flora_mcp.executions.execution import Execution
from flora_mcp.executions.intervals import Intervals
from flora_mcp.executions.journal import Journal
from flora_mcp.state.execution_row import ExecutionRow

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(kw_only=True, eq=False)
class _Flight(Generic[T]):
    """A paid call under way, on a task that does not end with the program."""

    landed: anyio.Event = field(default_factory=anyio.Event)
    result: T | None = None
    error: Exception | None = None


class Gate:
    """Lets calls of executions through, one tenant's, in one process.

    Args:
        journal: Where the execution is entered before its first call.
        intervals: How long an unwanted one is kept.
        tasks: Lives as long as the server works for the tenant.
    """

    def __init__(self, *, journal: Journal, intervals: Intervals, tasks: TaskGroup) -> None:
        self._journal = journal
        self._intervals = intervals
        self._tasks = tasks
        self._claimed = anyio.Event()
        self.there: dict[Execution, ExecutionRow] = {}
        """Of executions that turned out to be there already, what was found."""

    async def claim(self, execution: Execution) -> None:
        """Returns when the execution is ours, entered in the shared database; never returns if another one is there.

        A program is begun before it is claimed, so that a short one waits for no disk: until then it calls nothing.
        """
        trouble = await self._claim(execution)
        if trouble is not None:
            execution.fault = f"It was stopped before its first call: {trouble}"
            execution.scope.cancel()
        if not execution.claimed:
            await anyio.sleep_forever()  # until whoever called is cancelled with the execution

    async def next_claim(self) -> None:
        """Returns when the next execution is claimed."""
        await self._claimed.wait()

    async def announce(self, execution: Execution) -> None:
        """Claims an execution that has called nothing yet, which needs no database to go on."""
        trouble = await self._claim(execution)
        if trouble is not None:
            logger.warning("%s goes on unclaimed until its first call: %s", execution.id, trouble)

    async def _claim(self, execution: Execution) -> JournalError | None:
        async with execution.claiming:
            if execution.claimed or execution.scope.cancel_called:
                return None
            with anyio.CancelScope(shield=True):
                try:
                    there = await self._journal.claim(execution)
                except JournalError as exc:
                    return exc
            if there is None:
                execution.claimed = True
                self._claimed.set()
                self._claimed = anyio.Event()
            else:
                self.there[execution] = there
                execution.scope.cancel()
            return None

    async def pay(self, execution: Execution, what: str, send: Callable[[], Awaitable[T]]) -> T:
        """Makes a call that costs money, once somebody wants the execution, and writes down before that it is made.

        Once it is on its way it is not cancelled with the execution: `send` notes what it has started.

        Args:
            execution: Whose call it is.
            what: Tells it, should nobody hear how it went.
            send: Makes the call.
        """
        await self._announced(execution, what)
        flight: _Flight[T] = _Flight()
        self._tasks.start_soon(self._fly, execution, what, send, flight)
        await flight.landed.wait()
        if flight.error is not None:
            raise flight.error
        return flight.result  # type: ignore[return-value]  # there is one, as there is no error

    async def _announced(self, execution: Execution, what: str) -> None:
        """Returns once the call is written down, and nobody has said meanwhile that it is unwanted."""
        while True:
            await execution.wanted.wait()
            execution.paid = True
            execution.paying.append(what)
            try:
                await self.claim(execution)
                standing = await self._journal.save(execution)
            except BaseException:
                execution.paying.remove(what)
                raise
            if not standing.owned:
                self.lose(execution)
            if standing.held:
                await self.heard(execution)
            if standing.owned and execution.wanted.is_set():
                return
            execution.paying.remove(what)
            if not standing.owned:
                await anyio.sleep_forever()  # until whoever called is cancelled with the execution

    async def _fly(self, execution: Execution, what: str, send: Callable[[], Awaitable[T]], flight: _Flight[T]) -> None:
        try:
            flight.result = await send()
        except Exception as exc:  # carried over to the one who waits for the call, if somebody does
            flight.error = exc
        execution.paying.remove(what)
        await self._journal.save(execution)
        flight.landed.set()
        execution.landed.set()
        execution.landed = anyio.Event()

    async def landed(self, execution: Execution) -> None:
        """Returns when no paid call is under way any more, or when that takes too long."""
        with anyio.move_on_after(self._intervals.landing):
            while execution.paying:
                await execution.landed.wait()

    def lose(self, execution: Execution) -> None:
        """Ends an execution that another process took for dead, and that may run there by now."""
        execution.fault = "This server was silent for too long, and another one has given the program up."
        execution.scope.cancel()

    async def heard(self, execution: Execution) -> None:
        """Takes in that a call in another process was cancelled: without one here, nobody wants the execution."""
        if execution.calls:
            await self._journal.hold(execution.id, held=False)
        else:
            self.hold(execution)

    def hold(self, execution: Execution) -> None:
        """Keeps an execution that nobody wants from paying; ends it unless somebody wants it in time."""
        if execution.status == "running" and execution.wanted.is_set():
            execution.wanted = anyio.Event()
            self._tasks.start_soon(self._keep, execution, execution.wanted)

    async def want(self, execution: Execution) -> None:
        """Lets an execution that was held go on."""
        if execution.wanted.is_set():
            return
        execution.wanted.set()
        async with execution.holding:
            if execution.claimed:
                await self._journal.hold(execution.id, held=False)

    async def _keep(self, execution: Execution, wanted: anyio.Event) -> None:
        said = False
        with anyio.move_on_after(self._intervals.hold):
            while not wanted.is_set() and execution.status == "running":
                if execution.claimed and not said:
                    await self._say(execution, wanted)
                    said = True
                elif said and not await self._journal.is_held(execution.id):
                    wanted.set()  # by a call to another process
                with anyio.move_on_after(self._intervals.look):
                    await wanted.wait()
        if not wanted.is_set():
            execution.scope.cancel()

    async def _say(self, execution: Execution, wanted: anyio.Event) -> None:
        async with execution.holding:
            if not wanted.is_set():
                await self._journal.hold(execution.id, held=True)
