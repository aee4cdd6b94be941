"""The worker's scheduler: futures, tasks and timers, with nothing behind them that a program could reach."""

import heapq
import itertools
import time
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from code_sandbox._python.own import Own, described, missing
from code_sandbox._worker.stop import LimitReached, is_out_of_memory

LONGEST_SECONDS = 1_000_000.0
"""Longer than any program may run, and short enough for `poll`, which counts milliseconds in 32 bits."""


TURNS_PER_LOOK = 16
"""While tasks are busy, the channel is looked at once in so many turns: to look is a system call."""


class CancelledError(BaseException):
    """A task was cancelled, by a timeout or by `cancel()`."""


class InvalidStateError(Exception):
    """The result of something unfinished was asked for."""


class Future(Own):
    """A value that comes later."""

    __slots__ = ("_callbacks", "done", "error", "seen", "value")

    def __init__(self) -> None:
        self.done = False
        self.value: Any = None
        self.error: BaseException | None = None
        self.seen = False
        """Somebody asked for the result, so that an error is not lost."""
        self._callbacks: list[Callable[[Future], None]] = []

    def set_result(self, value: Any) -> None:
        if not self.done:
            self.value = value
            self._finish()

    def set_error(self, error: BaseException) -> None:
        if not self.done:
            self.error = error
            self._finish()

    def _finish(self) -> None:
        self.done = True
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback(self)

    def add_callback(self, callback: Callable[["Future"], None]) -> None:
        """Calls back when done; at once if it is."""
        if self.done:
            callback(self)
        else:
            self._callbacks.append(callback)

    def cancel(self) -> bool:
        """Ends it with `CancelledError`; tells whether it was still open."""
        if self.done:
            return False
        self.set_error(CancelledError())
        return True

    @property
    def is_cancelled(self) -> bool:
        return self.done and isinstance(self.error, CancelledError)

    def result(self) -> Any:
        if not self.done:
            raise InvalidStateError("the result is not there yet: await it")
        self.seen = True
        if self.error is not None:
            raise self.error
        return self.value

    def __await__(self) -> Generator["Future", None, Any]:
        self.seen = True
        if not self.done:
            yield self
        return self.result()


class Task(Future):
    """A coroutine that runs by itself."""

    public_names = ("add_done_callback", "cancel", "cancelled", "done", "exception", "get_name", "result")
    __slots__ = ("_loop", "_must_cancel", "_waiting_for", "coroutine", "name")

    def __init__(self, coroutine: Coroutine[Any, Any, Any], *, loop: "Loop", name: str) -> None:
        super().__init__()
        self.name = name
        self.coroutine = coroutine
        self._loop = loop
        self._waiting_for: Future | None = None
        self._must_cancel = False
        loop.call_soon(self._step)

    def cancel(self) -> bool:
        """Cancels what the task waits for, or throws into it at its next step."""
        if self.done:
            return False
        if self._waiting_for is None or not self._waiting_for.cancel():
            self._must_cancel = True
        return True

    def attribute(self, name: str) -> Any:
        """Returns a method, by the names that tasks of asyncio have."""
        methods: dict[str, Callable[..., Any]] = {
            "add_done_callback": self.add_callback,
            "cancel": self.cancel,
            "cancelled": lambda: self.is_cancelled,
            "done": lambda: self.done,
            "exception": self._exception,
            "get_name": lambda: self.name,
            "result": self.result,
        }
        if name in methods:
            return methods[name]
        error = missing(self, name)
        error.add_note("It is not finished: write `await` before it." if not self.done else "Await it for its result.")
        raise error

    def _exception(self) -> BaseException | None:
        if not self.done:
            raise InvalidStateError("the task is not finished: await it")
        self.seen = True
        return self.error

    def _wake(self, _: Future) -> None:
        self._waiting_for = None
        self._loop.call_soon(self._step)

    def _step(self) -> None:
        if self.done:
            return
        outer, self._loop.current = self._loop.current, self
        try:
            if self._must_cancel:
                self._must_cancel = False
                target = self.coroutine.throw(CancelledError())
            else:
                target = self.coroutine.send(None)
        except StopIteration as stop:
            self.set_result(stop.value)
        except (LimitReached, MemoryError):
            # Handing it on as a result would need memory, or let a program go on after its limit.
            raise
        except BaseException as error:
            if is_out_of_memory(error):
                raise
            # The border between the program and the scheduler: what a task raises belongs to who awaits it.
            self.set_error(error)
        else:
            if self._must_cancel:
                self._loop.call_soon(self._step)
            elif isinstance(target, Future):
                self._waiting_for = target
                target.add_callback(self._wake)
            else:
                self._loop.call_soon(self._step)
        finally:
            self._loop.current = outer


def seconds_of(value: Any, *, name: str) -> float:
    """Returns a program's delay or timeout as a number of seconds that a clock can take.

    Args:
        value: What the program gave. Below 0 is 0; so late that no program lives to see it is `LONGEST_SECONDS`.
        name: What the program calls it.

    Raises:
        TypeError: It is no number.
        ValueError: It is not a number, as floats say it.
    """
    if type(value) not in (int, float, bool):
        raise TypeError(f"{name} must be a number of seconds, not {described(value)}")
    if value != value:
        raise ValueError(f"{name} must be a number of seconds, not nan")
    return float(min(max(value, 0), LONGEST_SECONDS))


class Loop:
    """Runs tasks until a future is done."""

    def __init__(self, *, pump: Callable[[float | None], bool]) -> None:
        """Takes the way to wait.

        Args:
            pump: Waits for the host up to so many seconds (None: until something comes) and handles what came.
                Returns False if nothing can ever come.
        """
        self.current: Task | None = None
        self._pump = pump
        self._ready: deque[Callable[[], None]] = deque()
        self._busy_turns = 0
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._names = itertools.count(1)

    def call_soon(self, callback: Callable[[], None]) -> None:
        self._ready.append(callback)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Callable[[], None]:
        """Calls back after a delay, and returns what prevents it."""
        cancelled = False

        def fire() -> None:
            if not cancelled:
                callback()

        def cancel() -> None:
            nonlocal cancelled
            cancelled = True

        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._order), fire))
        return cancel

    def create_task(self, coroutine: Coroutine[Any, Any, Any], *, name: str | None = None) -> Task:
        return Task(coroutine, loop=self, name=name or f"Task-{next(self._names)}")

    def run_until(self, future: Future) -> Any:
        """Runs everything until the future is done, and returns its result.

        May be called while it runs, from inside a task: the other tasks then go on.

        Raises:
            RuntimeError: Everything waits for something that can never happen.
        """
        while not future.done:
            for _ in range(len(self._ready)):
                self._ready.popleft()()
                if future.done:
                    break
            else:
                self._wait()
        return future.result()

    def _wait(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            self._ready.append(heapq.heappop(self._timers)[2])
        if self._ready:
            self._busy_turns += 1
            if self._busy_turns % TURNS_PER_LOOK == 0:
                self._pump(0.0)
            return
        delay = max(0.0, self._timers[0][0] - now) if self._timers else None
        if not self._pump(delay) and delay is None and not self._ready:
            raise RuntimeError("the program waits for something that can never happen: nothing is running any more")
