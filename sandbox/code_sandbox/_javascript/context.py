"""The engine's context of one program: the prelude, and the two ways in and out of it."""

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from code_sandbox._javascript.engine import Engine
from code_sandbox._worker.stop import LimitReached

EMPTY_LINES = 100_000
"""In front of the prelude: a line number tells ours from the program's, for the engine names both alike."""
STACK_BYTES = 1024 * 1024
REPORT_BYTES = 32 * 1024 * 1024
"""Given above the limit when the program is over, so that its end can be told."""
LEAST_SECONDS = 0.01
OUT_OF_MEMORY = "InternalError: out of memory"
INTERRUPTED = "InternalError: interrupted"


class EngineError(Exception):
    """Something came out of the engine that no prelude catches."""


class Context:
    """Runs code of one program. It has no function of the host: lines of text are taken from it and given to it."""

    def __init__(
        self, *, engine: Engine, prelude: str, setup: Mapping[str, Any], cpu_seconds: float, memory_bytes: int
    ) -> None:
        """Makes the context and runs the prelude in it.

        Args:
            engine: What runs it.
            prelude: What runs before the program.
            setup: What the prelude is told.
            cpu_seconds: Processor time for the program, from now on.
            memory_bytes: Of its values.
        """
        self._failure: type[Exception] = engine.quickjs.JSException
        self._memory_bytes = memory_bytes
        self._cpu_end = time.process_time() + cpu_seconds
        self._context = engine.quickjs.Context()
        self._context.set_memory_limit(memory_bytes)
        self._context.set_max_stack_size(STACK_BYTES)
        told = json.dumps({**setup, "line": EMPTY_LINES})
        # Each line ends where it ended: whatever follows is on the prelude's own lines.
        text = "\n" * EMPTY_LINES + f"(function () {{ 'use strict'; const SETUP = {told};\n{prelude}\n}})()"
        self._step = self._context.eval(text)

    def compile(self, codes: Iterator[str]) -> Any:
        """Returns the first of some expressions that the engine understands.

        Raises:
            EngineError: It understands none. Carries what it says of the last.
        """
        error: Exception | None = None
        for code in codes:
            try:
                return self._limited(lambda code=code: self._context.eval(code))
            except EngineError as exc:
                error = exc
        assert error is not None
        raise error

    def step(self, kind: str, argument: Any = None) -> Any:
        """Hands something to the prelude.

        Raises:
            LimitReached: The program used up its processor time or memory.
            EngineError: Something else went wrong inside.
        """
        return self._limited(lambda: self._step(kind, argument))

    def run_job(self) -> bool:
        """Runs what is next in the program, and tells whether there was something.

        Raises:
            LimitReached: The program used up its processor time or memory.
            EngineError: Something else went wrong inside.
        """
        return bool(self._limited(self._context.execute_pending_job))

    def drain(self) -> list[list[Any]]:
        """Returns what the program has to say since the last time, message by message.

        Raises:
            EngineError: It is not what the prelude writes.
        """
        lines = self.step("drain")
        if not isinstance(lines, str):
            raise EngineError("the outbox is no text")
        try:
            messages = [json.loads(line, parse_constant=_refuse) for line in lines.split("\n")[:-1]]
        except (ValueError, RecursionError) as exc:
            raise EngineError("a message is no JSON") from exc
        if any(not isinstance(message, list) or not message for message in messages):
            raise EngineError("a message is no list")
        return messages

    def give_reserve(self) -> None:
        """Lets the end be told, whatever the program has used."""
        self._context.set_memory_limit(self._memory_bytes + REPORT_BYTES)
        self._cpu_end = max(self._cpu_end, time.process_time() + 0.25)

    def _limited(self, work: Any) -> Any:
        left = self._cpu_end - time.process_time()
        if left <= 0:
            raise LimitReached("cpu_seconds")
        self._context.set_time_limit(max(left, LEAST_SECONDS))
        try:
            return work()
        except (TypeError, UnicodeError) as exc:
            raise EngineError("a value that cannot be handed over") from exc
        except self._failure as exc:
            told = str(exc)
            if told.startswith(INTERRUPTED) and time.process_time() >= self._cpu_end - LEAST_SECONDS:
                raise LimitReached("cpu_seconds") from exc
            if told.startswith(OUT_OF_MEMORY) or told.partition("\n")[0] == "null":
                raise LimitReached("memory_bytes") from exc
            raise EngineError(told) from exc


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
