"""One program's conversation with its worker: checks every frame, answers calls, keeps the record."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from code_sandbox._host.frames import BYTES_PER_VALUE, ChannelError, decode, encode, read_frame
from code_sandbox._host.turnstile import Turnstile
from code_sandbox.errors import CallFailed
from code_sandbox.exposure import JSON, Answer, Call, Method, Page
from code_sandbox.isolation import Worker
from code_sandbox.limits import PRINTED_FACTOR, SENTENCES, Limits
from code_sandbox.outcome import CallRecord

logger = logging.getLogger(__name__)

MESSAGE_CHARACTERS = 2_000
FRAME_SLACK_BYTES = 64 * 1024
"""What a frame may hold above its main content."""
CALL_SLACK_BYTES = 1024
"""What a call's frame may hold besides its arguments."""
FRAME_COST_BYTES = 512
"""What a short frame counts as in `channel_bytes`: handling it costs time, however little it says."""
FAIRNESS_FRAMES = 16
"""A burst of frames never suspends the reader by itself, so the loop gets a turn this often."""

FRAME_KEYS = {
    "print": {"kind", "text", "cut"},
    "call": {"kind", "number", "path", "arguments"},
    "done": {"kind", "status", "value", "failure"},
}
FAILURE_KEYS = {"type_name", "message", "line", "hint", "limit", "attributes", "problems"}
PROBLEM_KEYS = {"message", "line", "hint", "signature"}
PROBLEMS = 50
"""More than that no honest worker reports."""


class LimitError(Exception):
    """A limit was reached, as seen by the host."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


class GoneError(Exception):
    """The worker closed the channel before it was done."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """The worker's last word, of the right shape. What it says is only the worker's claim."""

    status: str
    value: JSON
    failure: dict[str, Any] | None


@dataclass(kw_only=True)
class _OpenCall:
    number: int
    path: str
    size_bytes: int
    started_after_seconds: float
    duration_seconds: float | None = None
    failed: bool = False


@dataclass(kw_only=True)
class Session:
    """Talks to one worker until it is done, breaks a rule, or dies."""

    worker: Worker
    methods: dict[str, Method]
    limits: Limits
    answer: Answer
    on_print: Callable[[str], None] | None
    turnstile: Turnstile = field(default_factory=Turnstile)
    """Shared by all sessions of a sandbox."""
    started: float = field(default_factory=time.monotonic)
    printed: list[str] = field(default_factory=list)
    printed_bytes: int = 0
    printed_cut_bytes: int = 0
    _received_bytes: int = 0
    _open_bytes: int = 0
    _calls: list[_OpenCall] = field(default_factory=list)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def converse(self, start: bytes) -> Done:
        """Sends the start frame and serves the worker until it is done.

        Raises:
            ChannelError: The worker broke a rule of the channel.
            LimitError: The worker reached a limit that the host counts.
            GoneError: The worker went away.
        """
        frames = 0
        try:
            self.worker.writer.write(start)
            await self.worker.writer.drain()
            while True:
                frame, size_bytes = await self._receive()
                kind = frame.get("kind")
                if type(kind) is not str or frame.keys() != FRAME_KEYS.get(kind):
                    raise ChannelError("a frame of an unknown kind or with other keys than its kind has")
                if kind == "done":
                    return self._done(frame)
                if kind == "print":
                    self._print(frame)
                else:
                    await self._pace()
                    self._call(frame, size_bytes)
                frames += 1
                if frames % FAIRNESS_FRAMES == 0:
                    await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError) as exc:
            raise GoneError from exc

    async def close(self) -> tuple[CallRecord, ...]:
        """Cancels the calls still open and returns the record of all."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        return self.record()

    @property
    def is_quiet(self) -> bool:
        """No call is open."""
        return not self._tasks

    def record(self) -> tuple[CallRecord, ...]:
        """Returns the record of all calls."""
        now = self._elapsed_seconds()
        return tuple(
            CallRecord(
                number=call.number,
                path=call.path,
                started_after_seconds=call.started_after_seconds,
                duration_seconds=now - call.started_after_seconds
                if call.duration_seconds is None
                else call.duration_seconds,
                failed=call.failed or call.duration_seconds is None,
            )
            for call in self._calls
        )

    def printed_text(self) -> tuple[str, int]:
        """Returns what was printed, and how many bytes were cut from its end. The last line says so if some were.

        The cut is between lines, unless the last one is most of the text: that is kept as far as it came.
        """
        text = "".join(self.printed)
        if not self.printed_cut_bytes:
            return text, 0
        lines = text[: text.rfind("\n") + 1]
        kept, end = (lines, "") if len(lines) * 2 > len(text) else (text, "\n")
        cut_bytes = self.printed_cut_bytes + len(text[len(kept) :].encode("utf-8"))
        bound = f"printed_bytes = {self.limits.printed_bytes:,}"
        return f"{kept}{end}[{cut_bytes:,} more bytes were printed and cut: {bound}]", cut_bytes

    def open_paths(self) -> list[str]:
        """Returns the paths of the calls still open, in the order in which they were made."""
        return [call.path for call in self._calls if call.duration_seconds is None]

    def _elapsed_seconds(self) -> float:
        return time.monotonic() - self.started

    async def _receive(self) -> tuple[dict[str, Any], int]:
        max_bytes = self.limits.result_bytes + FRAME_SLACK_BYTES
        body = await read_frame(self.worker.reader, max_bytes=max_bytes)
        await self.turnstile.enter()
        self._received_bytes += max(len(body), FRAME_COST_BYTES)
        if self._received_bytes > self.limits.channel_bytes:
            raise LimitError("channel_bytes")
        return decode(body, max_values=max_bytes // BYTES_PER_VALUE), len(body)

    def _print(self, frame: dict[str, Any]) -> None:
        text, cut = frame["text"], frame["cut"]
        if type(text) is not str or type(cut) is not int or cut < self.printed_cut_bytes:
            raise ChannelError("a print frame with a wrong text or count")
        if cut > self.limits.printed_bytes * (PRINTED_FACTOR + 1):
            raise LimitError("printed_bytes")
        self.printed_cut_bytes = cut
        self.printed_bytes += len(text.encode("utf-8"))
        if self.printed_bytes > self.limits.printed_bytes:
            raise ChannelError("more printed text than an honest worker sends")
        if text:
            self.printed.append(text)
            if self.on_print is not None:
                self.on_print(text)

    async def _pace(self) -> None:
        """Waits until another call is due. Nothing more is read meanwhile: a flood stays in its own socket."""
        early = len(self._calls) - self.limits.calls_in_flight
        seconds = early / self.limits.calls_per_second - self._elapsed_seconds()
        if seconds > 0:
            await asyncio.sleep(seconds)

    def _call(self, frame: dict[str, Any], size_bytes: int) -> None:
        number, path, arguments = frame["number"], frame["path"], frame["arguments"]
        if type(number) is not int or number != len(self._calls) + 1:
            raise ChannelError("call numbers do not rise one by one")
        if number > self.limits.calls:
            raise LimitError("calls")
        method = self.methods.get(path) if type(path) is str else None
        if method is None:
            raise ChannelError("a call of a path that is not exposed")
        if type(arguments) is not dict or not arguments.keys() <= {each.name for each in method.parameters}:
            raise ChannelError("a call with arguments that the method does not have")
        if len(self._tasks) >= self.limits.calls_in_flight:
            raise LimitError("calls_in_flight")
        self._open_bytes += size_bytes
        slack_bytes = CALL_SLACK_BYTES * self.limits.calls_in_flight
        if len(self._tasks) and self._open_bytes > self.limits.open_argument_bytes + slack_bytes:
            raise LimitError("open_argument_bytes")
        record = _OpenCall(
            number=number, path=path, size_bytes=size_bytes, started_after_seconds=self._elapsed_seconds()
        )
        self._calls.append(record)
        call = Call(number=number, path=path, arguments=arguments)
        task = asyncio.create_task(self._serve(method, call, record))
        self._tasks.add(task)

    async def _serve(self, method: Method, call: Call, record: _OpenCall) -> None:
        try:
            await self._answer_to(method, call, record)
        finally:
            # Not by a callback: that would cost each call a turn of the loop.
            task = asyncio.current_task()
            assert task is not None
            self._tasks.discard(task)

    async def _answer_to(self, method: Method, call: Call, record: _OpenCall) -> None:
        frame = await self._answered(method, call, record)
        await self.turnstile.enter()
        self._open_bytes -= record.size_bytes
        record.duration_seconds = self._elapsed_seconds() - record.started_after_seconds
        record.failed = "error" in frame
        try:
            body = encode(frame)
            limit = self._exceeded(len(body))
            if limit is not None:
                body = encode(_error(call, "AnswerTooLarge", self.limits.explain(limit), {}))
                record.failed = True
            # Nobody waits until it is read: `unread_answer_bytes` bounds what is kept for a worker that never does.
            self.worker.writer.write(body)
        except (TypeError, ValueError):
            logger.exception("the answer to %s is not JSON", call.path)
            record.failed = True
            self.worker.writer.write(encode(_internal_error(call)))
        except ConnectionError:
            # The worker is gone: the reading side notices and says so.
            return

    def _exceeded(self, size_bytes: int) -> str | None:
        """Returns the limit that an answer of this size would exceed."""
        if size_bytes > self.limits.answer_bytes:
            return "answer_bytes"
        unread_bytes = self.worker.writer.transport.get_write_buffer_size()
        if unread_bytes and unread_bytes + size_bytes > self.limits.unread_answer_bytes:
            return "unread_answer_bytes"
        return None

    async def _answered(self, method: Method, call: Call, record: _OpenCall) -> dict[str, Any]:
        try:
            answer = await self.answer(call)
        except CallFailed as exc:
            return _error(call, exc.type_name, exc.message, exc.attributes)
        except Exception:
            # The border between host and worker: a text not meant for programs may hold a path or a secret.
            logger.exception("answering %s failed", call.path)
            return _internal_error(call)
        if isinstance(answer, Page) is not method.paged:
            logger.error("the answer to %s is %s a page", call.path, "not" if method.paged else "wrongly")
            return _internal_error(call)
        if isinstance(answer, Page):
            page = {"items": answer.items, "body": answer.body, "next": answer.next_arguments}
            return {"kind": "answer", "number": call.number, "page": page}
        return {"kind": "answer", "number": call.number, "value": answer}

    def _done(self, frame: dict[str, Any]) -> Done:
        status, value, failure = frame["status"], frame["value"], frame["failure"]
        if status not in ("completed", "failed", "limit") or (failure is None) is not (status == "completed"):
            raise ChannelError("an end without a known status and its failure")
        if failure is not None:
            _check_failure(failure)
            if (failure["limit"] in SENTENCES) is not (status == "limit"):
                raise ChannelError("a limit that does not exist")
        return Done(status=cast(str, status), value=value if failure is None else None, failure=failure)


def _check_failure(failure: Any) -> None:
    if type(failure) is not dict or failure.keys() != FAILURE_KEYS:
        raise ChannelError("a failure with other keys than it has")
    for key in ("type_name", "message"):
        if type(failure[key]) is not str:
            raise ChannelError(f"a failure whose {key} is no text")
    for key in ("hint", "limit"):
        if failure[key] is not None and type(failure[key]) is not str:
            raise ChannelError(f"a failure whose {key} is no text")
    if failure["line"] is not None and type(failure["line"]) is not int:
        raise ChannelError("a failure whose line is no number")
    if type(failure["attributes"]) is not dict:
        raise ChannelError("a failure whose attributes are no object")
    problems = failure["problems"]
    if type(problems) is not list or len(problems) > PROBLEMS:
        raise ChannelError("a failure whose problems are no short list")
    for problem in problems:
        _check_problem(problem)


def _check_problem(problem: Any) -> None:
    if type(problem) is not dict or problem.keys() != PROBLEM_KEYS:
        raise ChannelError("a problem with other keys than it has")
    if type(problem["message"]) is not str or type(problem["line"]) not in (int, type(None)):
        raise ChannelError("a problem without its text or line")
    if any(type(problem[key]) not in (str, type(None)) for key in ("hint", "signature")):
        raise ChannelError("a problem whose hint or signature is no text")


def _error(call: Call, type_name: str, message: str, attributes: dict[str, JSON]) -> dict[str, Any]:
    error = {"type_name": type_name, "message": message[:MESSAGE_CHARACTERS], "attributes": attributes}
    return {"kind": "answer", "number": call.number, "error": error}


def _internal_error(call: Call) -> dict[str, Any]:
    text = f"{call.path} failed inside the host. It is not the program's fault; trying again may help."
    return _error(call, "InternalError", text, {})
