"""Runs programs, each in a worker of its own, and leaves none behind."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from code_sandbox._host.admission import Admission, FullError
from code_sandbox._host.frames import ChannelError, encode
from code_sandbox._host.machine import memory_bytes
from code_sandbox._host.session import Done, GoneError, LimitError, Session
from code_sandbox._host.turnstile import Turnstile
from code_sandbox._host.verdict import End, Verdict, judge, refuse
from code_sandbox._host.watchdog import Watchdog
from code_sandbox._processes.default import default_isolation
from code_sandbox.capacity import MEMORY_SHARE, Capacity, crowded, evicted
from code_sandbox.errors import SandboxError
from code_sandbox.exposure import Answer, Exposure
from code_sandbox.isolation import Ending, Isolation, Protection, Setup, Worker
from code_sandbox.limits import Limits
from code_sandbox.outcome import CallRecord, Outcome

Language = Literal["python", "javascript", "auto"]
"""What a program is written in; "auto" looks at it, and takes for Python what is Python."""

T = TypeVar("T")

DEATH_GRACE_SECONDS = 2.0
"""How long a worker that closed its channel may take to die by itself, so that the cause can be told."""
CLOSED = "the sandbox is closed: run programs inside `async with Sandbox(...)`"


class Sandbox:
    """Runs untrusted programs against the methods of an exposure.

    Use it as an asynchronous context manager: leaving it kills every worker.
    """

    def __init__(
        self,
        *,
        exposure: Exposure,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        isolation: Isolation | None = None,
        capacity: Capacity = Capacity(),  # noqa: B008 - frozen
    ) -> None:
        """Takes what programs may call and use.

        Args:
            exposure: The methods and exceptions that every program sees.
            limits: The bounds of each program.
            isolation: How workers are started; the strongest that this system has if not given.
            capacity: The bounds of all programs together.
        """
        self._limits = limits
        self._isolation = isolation if isolation is not None else default_isolation()
        self._methods = {method.path: method for method in exposure.methods}
        self._setup = Setup(frame=_setup_frame(exposure, limits), limits=limits)
        self._capacity = capacity
        self._admission = Admission(capacity)
        self._watchdog = Watchdog(budget_bytes=_budget_bytes(capacity))
        self._turnstile = Turnstile()
        self._workers: set[Worker] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._programs = 0
        self._over = asyncio.Event()
        self._over.set()
        self._open = False

    async def isolation(self) -> Protection:
        """Tells what stands between a hostile program and this system, by asking a worker.

        Raises:
            SandboxError: No worker can be started.
        """
        return await self._isolation.protection()

    async def __aenter__(self) -> Self:
        await self._isolation.open(self._setup)
        self._open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open = False
        for worker in self._workers:
            worker.kill()
        await _to_the_end(self._close())

    async def _close(self) -> None:
        await self._idle.wait()
        await self._isolation.close()
        # A worker that was being started meanwhile is ended by who started it.
        await self._over.wait()

    async def run(
        self,
        program: str,
        *,
        answer: Answer,
        on_print: Callable[[str], None] | None = None,
        language: Language = "auto",
        tenant: str = "",
    ) -> Outcome:
        """Runs one program to its end. Cancelling kills the worker and raises.

        Args:
            program: The text, as the agent sent it.
            answer: Answers the program's calls, several at a time.
            on_print: Gets printed text as it arrives.
            language: JavaScript needs an engine that is installed apart; without it such a program fails with
                `LanguageUnavailable`.
            tenant: For whom it runs. Tenants take turns, and each has room for a part of all programs.

        Raises:
            SandboxError: No worker can be started, or the sandbox is not open.
        """
        refusal = refuse(program, self._limits)
        if refusal is not None:
            return Outcome(status="limit" if refusal.limit else "failed", failure=refusal)
        try:
            async with self._admission.place(tenant):
                return await self._run(program, language, answer, on_print)
        except FullError:
            return Outcome(status="limit", failure=crowded(self._capacity))

    async def _run(
        self, program: str, language: Language, answer: Answer, on_print: Callable[[str], None] | None
    ) -> Outcome:
        if not self._open:
            raise SandboxError(CLOSED)
        self._programs += 1
        self._over.clear()
        try:
            worker = await self._isolation.start()
            if not self._open:
                await _to_the_end(worker.reap())
                raise SandboxError(CLOSED)
            self._workers.add(worker)
            self._idle.clear()
            try:
                return await self._converse(worker, program, language, answer, on_print)
            finally:
                self._workers.discard(worker)
                if not self._workers:
                    self._idle.set()
        finally:
            self._programs -= 1
            if not self._programs:
                self._over.set()

    async def _converse(
        self,
        worker: Worker,
        program: str,
        language: Language,
        answer: Answer,
        on_print: Callable[[str], None] | None,
    ) -> Outcome:
        session = Session(
            worker=worker,
            methods=self._methods,
            limits=self._limits,
            answer=answer,
            on_print=on_print,
            turnstile=self._turnstile,
        )
        verdict: Verdict | None = None
        waiting_for: list[str] = []
        was_evicted = False
        self._watchdog.watch(worker)
        try:
            async with asyncio.timeout(self._limits.wall_seconds) as deadline:
                verdict = await session.converse(encode({"kind": "start", "program": program, "language": language}))
        except (ChannelError, LimitError, GoneError) as exc:
            verdict = exc
        except TimeoutError:
            if not deadline.expired():
                raise
            verdict = LimitError("wall_seconds")
        finally:
            was_evicted = self._watchdog.release(worker)
            waiting_for = session.open_paths()
            left = worker.leave() if isinstance(verdict, Done) else None
            if left is None and not isinstance(verdict, GoneError):
                worker.kill()
            if left is not None and session.is_quiet:
                ending, calls = left, session.record()
            else:
                ending, calls = await _to_the_end(_finish(worker, session, left))
        end = End(
            verdict=verdict,
            ending=ending,
            calls=[call.path for call in calls],
            waiting_for=waiting_for,
            closed=not self._open,
            eviction=evicted(self._watchdog.budget_bytes) if was_evicted else None,
        )
        printed, printed_cut_bytes = session.printed_text()
        status, failure, value = judge(end, program, self._limits)
        return Outcome(
            status=status,
            value=value,
            printed=printed,
            printed_cut_bytes=printed_cut_bytes,
            failure=failure,
            calls=calls,
            wall_seconds=time.monotonic() - session.started,
            cpu_seconds=ending.cpu_seconds,
            peak_memory_bytes=ending.peak_memory_bytes,
        )


def _budget_bytes(capacity: Capacity) -> int:
    if capacity.total_memory_bytes is not None:
        return capacity.total_memory_bytes
    available = memory_bytes()
    return sys.maxsize if available is None else int(available * MEMORY_SHARE)


def _setup_frame(exposure: Exposure, limits: Limits) -> bytes:
    """Returns the exposure and the limits as the worker reads them."""
    methods = [
        {
            "path": method.path,
            "aliases": method.aliases,
            "paged": method.paged,
            "signature": method.signature,
            "javascript_signature": method.javascript_signature,
            "parameters": [
                {"name": each.name, "required": each.required, "positional": each.positional}
                for each in method.parameters
            ],
        }
        for method in exposure.methods
    ]
    optional_keys = sorted(exposure.optional_keys)
    return encode(
        {
            "kind": "setup",
            "limits": vars(limits),
            "methods": methods,
            "errors": dict(exposure.errors),
            "optional_keys": optional_keys,
        }
    )


async def _finish(worker: Worker, session: Session, left: Ending | None) -> tuple[Ending, tuple[CallRecord, ...]]:
    """Sees a worker into its end, unless it has left already, and ends the calls that are still open."""
    ending = left or await worker.reap(grace_seconds=DEATH_GRACE_SECONDS)
    return ending, await session.close()


async def _to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Awaits the work whatever is cancelled meanwhile, and raises the cancellation afterwards."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as exc:
            cancelled = exc
    if cancelled is not None:
        raise cancelled
    return task.result()
