"""Runs one JavaScript program in the worker, and says how it ended."""

import json
import re
from types import FrameType
from typing import Any

from code_sandbox._javascript.calls import Calls
from code_sandbox._javascript.check import check
from code_sandbox._javascript.context import Context, EngineError
from code_sandbox._javascript.engine import Engine
from code_sandbox._javascript.exposed import Exposed
from code_sandbox._javascript.program import read
from code_sandbox._javascript.report import hint_for, line_of, uncaught
from code_sandbox._javascript.timers import Timers
from code_sandbox._worker.channel import Channel
from code_sandbox._worker.failures import failure
from code_sandbox._worker.prints import STOP_FACTOR, Prints
from code_sandbox._worker.problems import ProblemsError, failure_of
from code_sandbox._worker.stop import LimitReached

RESERVE_BYTES = 1024 * 1024
JOBS_AT_ONCE = 64
"""So many steps of the program are run before its messages are taken."""
THROWS_NULL = re.compile(r"throw\s+null|reject\(\s*null")
HEAP_SHARE = 0.75
"""Of the memory limit; the rest is for the messages on their way."""


class JavaScript:
    """Everything that serves one JavaScript program. Made when such a program is there."""

    def __init__(self, *, engine: Engine, channel: Channel, setup: dict[str, Any]) -> None:
        self._reserve = bytearray(RESERVE_BYTES)
        self._engine = engine
        self._channel = channel
        self._limits = setup["limits"]
        self._exposed = Exposed(setup)
        self._prints = Prints(channel=channel, max_bytes=self._limits["printed_bytes"])
        self._timers = Timers()
        self._is_over = False
        """The program has ended, so a limit must not cut off the report."""
        self._done: dict[str, Any] | None = None
        self._waits_for_timers: bool | None = None
        """Whether a program that has come to its end goes on until its timers have fired; None before."""
        self._has_entry = False
        self._throws_null = False
        self._text = ""
        self._last_line = 1
        self._calls = Calls(
            table=self._exposed.table,
            own_paths=self._exposed.own_paths,
            limits=self._limits,
            send=self._send_call,
            answer=self._answer,
        )
        self._context: Context | None = None

    def run(self, text: str) -> dict[str, Any]:
        """Runs a program and returns its last frame."""
        self._text = text
        self._last_line = text.count("\n") + 1
        self._throws_null = THROWS_NULL.search(text) is not None
        try:
            frame = self._run(text)
            self._is_over = True
        except BaseException as error:
            # The border between a program and its worker: whatever ended it is reported.
            self._is_over = True
            self._reserve.clear()
            frame = self._ended(error)
        self._flush()
        return frame

    def stop(self, _: FrameType | None) -> None:
        """Ends the program at its limit of processor time, unless it is over."""
        if not self._is_over and not self._channel.is_sending:
            raise LimitReached("cpu_seconds")

    def _run(self, text: str) -> dict[str, Any]:
        if "\0" in text:
            line = text.count("\n", 0, text.index("\0")) + 1
            return _failed(failure("SyntaxError", "the program contains a NUL character", line=line))
        program = read(text, engine=self._engine, max_nodes=self._limits["program_nodes"])
        self._has_entry = program.entry is not None
        problems = check(program, self._exposed.table)
        if problems:
            raise ProblemsError(problems)
        self._context = Context(
            engine=self._engine,
            prelude=self._engine.prelude(text),
            setup=self._exposed.for_prelude(self._limits, stop_factor=STOP_FACTOR),
            cpu_seconds=self._limits["cpu_seconds"],
            memory_bytes=int(self._limits["memory_bytes"] * HEAP_SHARE),
        )
        try:
            function = self._context.compile(program.codes())
        except EngineError as exc:
            return self._not_understood(str(exc))
        self._context.step("run", function)
        while True:
            self._work(self._context)
            if self._done is not None:
                return self._done
            if not self._wait(self._context):
                message = "the program waits for something that can never happen: nothing is running any more"
                return _failed(failure("Error", message, hint="A promise was made that nothing resolves."))

    def _work(self, context: Context) -> None:
        """Runs all that can be run now, and takes the program's messages as they come."""
        busy = True
        while busy and self._done is None:
            count = 0
            while count < JOBS_AT_ONCE and context.run_job():
                count += 1
            busy = self._take(context) or count == JOBS_AT_ONCE
            if busy:
                self._receive(0.0)

    def _wait(self, context: Context) -> bool:
        """Waits for an answer or a timer; returns False if neither can come."""
        is_waited_for = self._calls.is_waiting or (self._waits_for_timers and self._timers.will_fire)
        if self._waits_for_timers is not None and not is_waited_for:
            context.step("render")
            return True
        delay = self._timers.wait_seconds()
        if delay is None and not self._calls.is_waiting:
            return False
        self._prints.flush()
        self._receive(delay)
        while (number := self._timers.pop()) is not None:
            context.step("timer", str(number))
            self._work(context)
        return True

    def _receive(self, timeout_seconds: float | None) -> None:
        """Takes the answers that are there; waits for the first if asked to."""
        if timeout_seconds == 0.0 and not self._calls.is_waiting:
            return
        frame = self._channel.receive(timeout_seconds)
        while frame is not None:
            self._calls.answered(frame)
            frame = self._channel.arrived()

    def _take(self, context: Context) -> bool:
        """Does what the program's messages say, and tells whether there were any."""
        messages = context.drain()
        for message in messages:
            match message:
                case ["p", str(text)]:
                    self._prints.write(text)
                case ["c", int(call_id), str(path), list(values)]:
                    self._calls.make(call_id, path, values)
                case ["t", int(number), int() | float() as milliseconds, bool(repeats)]:
                    self._timers.set(number, milliseconds=min(milliseconds, 2**31), repeats=repeats)
                case ["x", int(number)]:
                    self._timers.clear(number)
                case ["l", "printed_bytes" | "calls" | "result_bytes" as limit]:
                    raise LimitReached(limit)
                case ["s", bool(has_no_value)]:
                    self._waits_for_timers = has_no_value and not self._has_entry
                case ["r", value]:
                    self._done = self._completed(value)
                case ["f", dict(told)]:
                    self._done = self._uncaught(told)
                case _:
                    raise EngineError("an unknown message")
        return bool(messages)

    def _completed(self, value: Any) -> dict[str, Any]:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode("utf-8", "replace")) > self._limits["result_bytes"]:
            raise LimitReached("result_bytes")
        return {"kind": "done", "status": "completed", "value": value, "failure": None}

    def _uncaught(self, told: dict[str, Any]) -> dict[str, Any]:
        described = uncaught(told, table=self._exposed.table, last=self._last_line)
        if described["type_name"] == "InternalError" and described["message"] == "out of memory":
            return _limited("memory_bytes", line=described["line"])
        if told.get("isNull") is True and not self._throws_null:
            # There was no memory left for an error.
            return _limited("memory_bytes", line=described["line"])
        return _failed(described)

    def _not_understood(self, told: str) -> dict[str, Any]:
        """Returns the failure for what the engine says of a text that is no program."""
        first = told.partition("\n")[0]
        type_name, _, message = first.partition(": ")
        if not message:
            type_name, message = "SyntaxError", first
        line = line_of(told, last=self._last_line)
        hint = hint_for(type_name, message, self._exposed.table)
        if hint is None and line is not None and "await " in self._text.split("\n")[line - 1]:
            hint = "`await` is for `async` functions and the top level."
        return _failed(failure(type_name, message, line=line, hint=hint))

    def _ended(self, error: BaseException) -> dict[str, Any]:
        if isinstance(error, ProblemsError):
            return _failed(failure_of(error.problems))
        line = line_of(_engine_text(error), last=self._last_line)
        if isinstance(error, MemoryError):
            limit: str | None = "memory_bytes"
        else:
            limit = error.limit if isinstance(error, LimitReached) else None
        limit = self._last_words() or limit
        if limit is not None:
            return _limited(limit, line=line)
        if isinstance(error, EngineError):
            return self._not_understood(str(error))
        return _failed(failure("InternalError", f"the language layer failed: {type(error).__name__}"))

    def _last_words(self) -> str | None:
        """Prints what the program has printed before its end; returns the limit that it had reached before, if any."""
        if self._context is None:
            return None
        limit = None
        try:
            self._context.give_reserve()
            for message in self._context.drain():
                match message:
                    case ["p", str(text)] if limit is None:
                        self._prints.write(text)
                    case ["l", "printed_bytes" | "calls" | "result_bytes" as name]:
                        limit = limit or name
                    case _:
                        pass
        except LimitReached as stop:
            return limit or (stop.limit if stop.limit == "printed_bytes" else None)
        except (EngineError, MemoryError):
            return limit
        return limit

    def _send_call(self, frame: dict[str, Any]) -> None:
        self._prints.flush()
        self._channel.send(frame)

    def _answer(self, message: dict[str, Any]) -> None:
        assert self._context is not None
        self._context.step("answer", json.dumps(message))

    def _flush(self) -> None:
        self._prints.flush()


def _engine_text(error: BaseException) -> str:
    """Returns what the engine said where it was stopped, also when the signal of the limit came in between."""
    for each in (error, error.__cause__, error.__context__):
        if each is not None and "<input>:" in str(each):
            return str(each)
    return ""


def _failed(described: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "done", "status": "failed", "value": None, "failure": described}


def _limited(limit: str, *, line: int | None) -> dict[str, Any]:
    described = failure("LimitReached", "", line=line, limit=limit)
    return {"kind": "done", "status": "limit", "value": None, "failure": described}
