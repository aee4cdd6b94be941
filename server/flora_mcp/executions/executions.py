"""The programs that run and those that have run, by id."""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import anyio
from anyio.abc import TaskGroup

from code_sandbox import Language, Sandbox, SandboxError
from flora_mcp.executions.bridge import Bridge, Explain
from flora_mcp.executions.execution import Execution
from flora_mcp.executions.pulse import Pulse
from flora_mcp.executions.runs import Runs
from flora_mcp.flora import Flora
from flora_mcp.tenant import Tenant

logger = logging.getLogger(__name__)

KEPT = 100
"""Finished executions that `wait` can still be asked about."""


def new_id() -> str:
    """Returns an id that cannot be guessed: it is all that guards an execution's answer."""
    return f"exe_{secrets.token_urlsafe(12)}"


class Executions:
    """Runs programs on tasks of its own, so that an execution outlives its request."""

    def __init__(
        self,
        *,
        sandbox: Sandbox,
        flora: Flora,
        runs: Runs,
        pulse: Pulse,
        tenant: Tenant,
        explain: Explain,
        new_id: Callable[[], str] = new_id,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sandbox = sandbox
        self._flora = flora
        self._runs = runs
        self._pulse = pulse
        self._tenant = tenant
        self._explain = explain
        self._new_id = new_id
        self._clock = clock
        self._known: OrderedDict[str, Execution] = OrderedDict()
        self._tasks: TaskGroup

    async def __aenter__(self) -> Self:
        self._tasks = anyio.create_task_group()
        await self._tasks.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tasks.cancel_scope.cancel()
        await self._tasks.__aexit__(kind, error, trace)

    @property
    def running(self) -> int:
        """How many programs have not ended yet."""
        return sum(not each.finished.is_set() for each in self._known.values())

    def start(self, program: str, *, language: Language = "auto") -> Execution:
        """Starts a program and returns at once."""
        execution = Execution(id=self._new_id(), program=program, started_at=self._clock(), language=language)
        self._known[execution.id] = execution
        self._forget()
        self._tasks.start_soon(self._run, execution)
        return execution

    def get(self, execution_id: str) -> Execution | None:
        return self._known.get(execution_id)

    async def cancel(self, execution: Execution) -> None:
        """Stops the program and returns when its process is gone. The runs it has started go on."""
        execution.scope.cancel()
        await execution.finished.wait()

    async def _run(self, execution: Execution) -> None:
        def on_print(text: str) -> None:
            execution.printed.append(text)
            self._pulse.beat()

        bridge = Bridge(flora=self._flora, runs=self._runs, execution=execution, explain=self._explain)
        try:
            with execution.scope:
                execution.outcome = await self._sandbox.run(
                    execution.program,
                    answer=bridge.answer,
                    on_print=on_print,
                    language=execution.language,
                    tenant=self._tenant.id,
                )
                execution.printed.clear()
        except SandboxError as exc:
            logger.exception("The sandbox could not run a program")
            execution.fault = str(exc)
        finally:
            execution.finished.set()

    def _forget(self) -> None:
        finished = [each.id for each in self._known.values() if each.finished.is_set()]
        for execution_id in finished[: max(0, len(finished) - KEPT)]:
            del self._known[execution_id]
