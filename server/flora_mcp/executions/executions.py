"""The programs and wishes that run and those that have run, by id."""

import hashlib
import logging
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import anyio
from anyio.abc import TaskGroup

from code_sandbox import Language, Sandbox, SandboxError
from flora_mcp.executions.beats import Beats
from flora_mcp.executions.bridge import Bridge, Explain
from flora_mcp.executions.execution import Execution, Kind, Status
from flora_mcp.executions.gate import Gate
from flora_mcp.executions.intervals import Intervals
from flora_mcp.executions.journal import Journal
from flora_mcp.executions.mirror import Mirror
from flora_mcp.executions.pulse import Pulse
from flora_mcp.executions.runs import Runs
from flora_mcp.executions.tellings import Tellings
from flora_mcp.flora import Flora
from flora_mcp.state import State
from flora_mcp.state.execution_row import ExecutionRow
from flora_mcp.tenant import Tenant

logger = logging.getLogger(__name__)

KEPT = 100
"""Finished executions that are kept in memory; of others, the shared database tells."""

Work = Callable[[Execution], Awaitable[Status]]


def new_id() -> str:
    """Returns an id that cannot be guessed: it is all that guards an execution's answer."""
    return f"exe_{secrets.token_urlsafe(12)}"


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What a call asked for, begun or found."""

    execution: Execution
    again: bool
    """It was there already, and was not started once more."""


class Executions:
    """Runs programs on tasks of its own, so that an execution outlives its request.

    What is asked for again while it runs, or before anybody was told how it ended, is picked up and not started once
    more; in all processes that share the database.
    """

    def __init__(
        self,
        *,
        sandbox: Sandbox,
        flora: Flora,
        runs: Runs,
        pulse: Pulse,
        tenant: Tenant,
        explain: Explain,
        state: State,
        intervals: Intervals = Intervals(),  # noqa: B008 - frozen
        new_id: Callable[[], str] = new_id,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sandbox = sandbox
        self._flora = flora
        self._runs = runs
        self._pulse = pulse
        self._tenant = tenant
        self._explain = explain
        self._intervals = intervals
        self._new_id = new_id
        self._clock = clock
        self._journal = Journal(state=state, tenant=tenant)
        self.tellings = Tellings(take_back=self._take_back, intervals=intervals)
        """What answers have told of these, and to whom."""
        self._known: OrderedDict[str, Execution] = OrderedDict()
        self._current: dict[str, Execution] = {}
        self._beats: Beats
        self._gate: Gate
        self._mirror: Mirror
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        self._gate = Gate(journal=self._journal, intervals=self._intervals, tasks=self._tasks)
        self._beats = Beats(journal=self._journal, gate=self._gate, intervals=self._intervals, live=self._live)
        self._mirror = Mirror(
            journal=self._journal,
            runs=self._runs,
            pulse=self._pulse,
            intervals=self._intervals,
            clock=self._clock,
            tasks=self._tasks,
        )
        self._tasks.start_soon(self._beats.go_on)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    @property
    def running(self) -> int:
        """How many programs of this process have not ended yet."""
        return sum(each.status == "running" and not each.elsewhere for each in self._known.values())

    @property
    def hold_seconds(self) -> float:
        """How long an execution that nobody wants is kept."""
        return self._intervals.hold

    def age_seconds(self, execution: Execution) -> float:
        """Returns how long ago the execution was started."""
        return (self._clock() - execution.started_at).total_seconds()

    @property
    def gate(self) -> Gate:
        """What the calls of a wish go through."""
        return self._gate

    def warm(self) -> None:
        """Begins to open the shared database, which the first call of a program needs; returns at once."""
        self._tasks.start_soon(self._journal.open)

    def program(self, program: str, *, language: Language = "auto") -> Taken:
        """Starts a program, or picks up the same one, and returns at once."""
        fresh = self._fresh("program", _digest("program", language, program.strip()))
        fresh.program, fresh.language = program, language
        return self._start(fresh, self._interpret)

    def wish(self, wish: str, work: Work) -> Taken:
        """Starts what fulfils a wish, or picks up the same one, and returns at once.

        Args:
            wish: Tells it from others.
            work: Starts the runs, each through the gate; it is claimed before that begins.
        """

        async def claimed(execution: Execution) -> Status:
            await self._gate.claim(execution)
            return await work(execution)

        return self._start(self._fresh("wish", _digest("wish", wish)), claimed)

    async def get(self, execution_id: str) -> Execution | None:
        """Returns an execution of any process.

        Raises:
            JournalError: It is none of this process, and the shared database does not answer.
        """
        known = self._known.get(execution_id)
        if known is not None:
            return known
        row = await self._journal.get(execution_id)
        if row is None:
            return None
        execution = self._fresh("program", row.content)
        self._mirror.take_over(execution, row)
        return execution

    @asynccontextmanager
    async def followed(self, execution: Execution) -> AsyncIterator[None]:
        """Says for the length of the block that a call wants the execution.

        When the call is cancelled and no other one wants it, the execution is held: its next paid call waits for
        somebody who wants it, and without anybody it is cancelled.
        """
        execution.calls += 1
        cancelled = False
        try:
            await self._gate.want(execution)
            self._mirror.follow(execution)
            yield
        except anyio.get_cancelled_exc_class():
            cancelled = True
            raise
        finally:
            execution.calls -= 1
            with anyio.move_on_after(self._intervals.closing, shield=True):
                await self._let_go(execution, unwanted=cancelled and not execution.calls)

    async def told(self, execution: Execution) -> None:
        """Notes that a call has its end in hand: once that is sent, the same starts anew."""
        if execution.is_over and not execution.told:
            execution.told = True
            self.tellings.note(execution.id)
            self._no_longer_current(execution)
            if execution.elsewhere:
                await self._journal.tell([execution.id])

    async def told_of_runs(self, run_ids: Iterable[str]) -> None:
        """Notes what has been told by an answer about runs: all that has ended, and whose last runs these were."""
        told = set(run_ids)
        over = []
        for execution_id, made in (await self._journal.untold()).items():
            runs = [self._runs.get(run_id) for run_id in made]
            known = all(run is None or run.is_terminal or run.trouble is not None for run in runs)
            if told.intersection(made) and known:
                over.append(execution_id)
        for execution_id in over:
            self.tellings.note(execution_id)
            if execution_id in self._known:
                self._known[execution_id].told = True
                self._no_longer_current(self._known[execution_id])
        if over:
            await self._journal.tell(over)

    async def _take_back(self, execution_ids: Sequence[str]) -> None:
        """Undoes `told`: asked for again, these are told again. Here that holds at once."""
        known = [self._known[each] for each in execution_ids if each in self._known]
        for execution in known:
            execution.told = False
            self._current.setdefault(execution.content, execution)
        await self._journal.take_back(execution_ids, known)

    def _live(self) -> list[Execution]:
        return [each for each in self._known.values() if each.claimed and each.status == "running"]

    def _fresh(self, kind: Kind, content: str) -> Execution:
        return Execution(id=self._new_id(), kind=kind, content=content, started_at=self._clock())

    def _start(self, fresh: Execution, work: Work) -> Taken:
        there = self._current.get(fresh.content)
        if there is not None and there.is_worth_telling:
            return Taken(execution=there, again=True)
        self._known[fresh.id] = self._current[fresh.content] = fresh
        self._forget()
        self._tasks.start_soon(self._run, fresh, work)
        return Taken(execution=fresh, again=False)

    async def _run(self, execution: Execution, work: Work) -> None:
        status: Status | None = None
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._claim_later, execution)
                with execution.scope:
                    status = await work(execution)
                tasks.cancel_scope.cancel()
            there = self._gate.there.pop(execution, None)
            if there is not None and status is None:
                self._divert(execution, there)
                return
            await self._gate.landed(execution)
            status = status or ("failed" if execution.fault is not None else "cancelled")
        finally:
            if not execution.elsewhere:
                await self._end(execution, status or "interrupted")

    async def _end(self, execution: Execution, status: Status) -> None:
        execution.status = status
        execution.finished.set()
        self._pulse.beat()
        # A call that follows it writes this down together with that it was told.
        if execution.claimed and (execution.paid or not execution.calls):
            with anyio.move_on_after(self._intervals.closing, shield=True):
                await self._journal.save(execution)
        self._no_longer_current(execution)

    async def _interpret(self, execution: Execution) -> Status:
        def on_print(text: str) -> None:
            execution.printed.append(text)
            self._pulse.beat()

        bridge = Bridge(flora=self._flora, runs=self._runs, execution=execution, gate=self._gate, explain=self._explain)
        try:
            execution.outcome = await self._sandbox.run(
                execution.program,
                answer=bridge.answer,
                on_print=on_print,
                language=execution.language,
                tenant=self._tenant.id,
            )
        except SandboxError as exc:
            logger.exception("The sandbox could not run a program")
            execution.fault = f"The sandbox could not run it: {exc}"
            return "failed"
        execution.printed.clear()
        execution.returned = bridge.returned(execution.outcome.value)
        return "completed" if execution.outcome.status == "completed" else "failed"

    async def _claim_later(self, execution: Execution) -> None:
        await anyio.sleep(self._intervals.claim)
        await self._gate.announce(execution)

    async def _let_go(self, execution: Execution, *, unwanted: bool) -> None:
        running = execution.status == "running"
        if running and unwanted and not execution.elsewhere:
            self._gate.hold(execution)
        if running and unwanted and execution.elsewhere:
            await self._journal.hold(execution.id, held=True)
        if execution.claimed:
            await self._journal.save(execution)  # what an answer has told is known from then on

    def _divert(self, execution: Execution, row: ExecutionRow) -> None:
        """Makes the execution the view of the one that is there already; who follows it hears of that one.

        It stays known by its first id, which an answer may have told.
        """
        self._no_longer_current(execution)
        execution.picked_up = True
        self._mirror.take_over(execution, row)
        self._mirror.follow(execution)

    def _no_longer_current(self, execution: Execution) -> None:
        if self._current.get(execution.content) is execution:
            del self._current[execution.content]

    def _forget(self) -> None:
        idle = [
            execution_id
            for execution_id, each in self._known.items()
            if not each.calls and (each.elsewhere or each.status != "running")
        ]
        for execution_id in idle[: max(0, len(idle) - KEPT)]:
            self._no_longer_current(self._known.pop(execution_id))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
