"""The part of asyncio that programs use, on the worker's own scheduler."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from types import CoroutineType, GeneratorType
from typing import Any

from code_sandbox._python.calls import Call
from code_sandbox._python.loop import CancelledError, Future, InvalidStateError, Loop, Task, seconds_of
from code_sandbox._python.own import Own, described


class Gathering(Future):
    """The results of several awaitables, in order."""

    __slots__ = ("_members",)

    def __init__(self, members: list[Future], *, return_exceptions: bool) -> None:
        super().__init__()
        self._members = members
        open_count = len(members)

        def finished(member: Future) -> None:
            nonlocal open_count
            open_count -= 1
            member.seen = True
            if member.error is not None and not return_exceptions:
                self.set_error(member.error)
            if not open_count:
                self.set_result([each.value if each.error is None else each.error for each in members])

        if not members:
            self.set_result([])
        for member in members:
            member.add_callback(finished)

    def cancel(self) -> bool:
        for member in self._members:
            member.cancel()
        return super().cancel()


class Timeout(Own):
    """`async with timeout(seconds)`: cancels the block when it takes too long."""

    __slots__ = ("_loop", "_seconds", "_stop", "_task", "_was_late")
    public_names = ("expired",)

    def __init__(self, seconds: float | None, *, loop: Loop, name: str = "timeout") -> None:
        self._seconds = None if seconds is None else seconds_of(seconds, name=name)
        self._loop = loop
        self._stop: Callable[[], None] | None = None
        self._task: Task | None = None
        self._was_late = False

    async def __aenter__(self) -> "Timeout":
        self._task = self._loop.current
        if self._seconds is not None:
            self._stop = self._loop.call_later(self._seconds, self._expire)
        return self

    def expired(self) -> bool:
        return self._was_late

    def _expire(self) -> None:
        assert self._task is not None
        self._was_late = True
        self._task.cancel()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if self._stop is not None:
            self._stop()
        if self._was_late and isinstance(error, CancelledError):
            raise TimeoutError(f"not finished after {self._seconds:g} seconds") from None
        return False


class Semaphore(Own):
    """Lets so many tasks in at a time."""

    __slots__ = ("_free", "_waiters")
    public_names = ("acquire", "locked", "release")

    def __init__(self, value: int = 1) -> None:
        if type(value) not in (int, bool):
            raise TypeError(f"a semaphore starts at a whole number, not at {described(value)}")
        if value < 0:
            raise ValueError(f"a semaphore starts at 0 or more, not at {value!r}")
        self._free = value
        self._waiters: list[Future] = []

    async def acquire(self) -> bool:
        if self._free > 0:
            self._free -= 1
            return True
        waiter = Future()
        self._waiters.append(waiter)
        try:
            await waiter
        except CancelledError:
            if waiter.error is None:
                self.release()
            raise
        return True

    def release(self) -> None:
        while self._waiters:
            waiter = self._waiters.pop(0)
            if not waiter.done:
                waiter.set_result(None)
                return
        self._free += 1

    def locked(self) -> bool:
        return self._free == 0

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        self.release()


class Lock(Semaphore):
    """Lets one task in at a time."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1)


class Event(Own):
    """Lets tasks wait for another."""

    __slots__ = ("_future",)
    public_names = ("clear", "is_set", "set", "wait")

    def __init__(self) -> None:
        self._future = Future()

    def set(self) -> None:
        self._future.set_result(True)

    def clear(self) -> None:
        if self._future.done:
            self._future = Future()

    def is_set(self) -> bool:
        return self._future.done

    async def wait(self) -> bool:
        # A future per waiter: cancelling one must not cancel the others.
        mine = Future()
        self._future.add_callback(lambda _: mine.set_result(True))
        await mine
        return True


class TaskGroup(Own):
    """`async with TaskGroup() as group`: waits for all its tasks, and cancels them when one fails."""

    __slots__ = ("_loop", "_tasks")
    public_names = ("create_task",)

    def __init__(self, *, loop: Loop) -> None:
        self._loop = loop
        self._tasks: list[Task] = []

    def create_task(self, coroutine: Any, *, name: str | None = None) -> Task:
        task = start(coroutine, loop=self._loop, name=name)
        self._tasks.append(task)
        return task

    async def __aenter__(self) -> "TaskGroup":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                await Gathering(list(self._tasks), return_exceptions=False)
        except Exception:
            # Any failure of a member ends the group; which one it was is told below.
            self._cancel()
        else:
            if error is not None:
                self._cancel()
        await Gathering(list(self._tasks), return_exceptions=True)
        failures = [each.error for each in self._tasks if isinstance(each.error, Exception)]
        if failures and not isinstance(error, CancelledError):
            raise failures[0]

    def _cancel(self) -> None:
        for task in self._tasks:
            task.cancel()


def start(awaitable: Any, *, loop: Loop, name: str | None = None) -> Task:
    """Returns a task for a coroutine or a call; a task stays itself."""
    if isinstance(awaitable, Task):
        return awaitable
    if isinstance(awaitable, Future):
        return loop.create_task(_await(awaitable), name=name)
    if type(awaitable) is CoroutineType:
        return loop.create_task(awaitable, name=name)
    raise TypeError(f"a coroutine or a call is needed, not {described(awaitable)}")


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _future(awaitable: Any, *, loop: Loop) -> Future:
    return awaitable if isinstance(awaitable, Future) else start(awaitable, loop=loop)


def asyncio_members(loop: Loop) -> dict[str, Any]:
    """Returns what `asyncio` has for programs."""

    async def sleep(delay: float, result: Any = None) -> Any:
        future = Future()
        stop = loop.call_later(seconds_of(delay, name="delay"), lambda: future.set_result(None))
        try:
            await future
        finally:
            stop()
        return result

    def gather(*awaitables: Any, return_exceptions: bool = False) -> Gathering:
        if len(awaitables) == 1 and isinstance(awaitables[0], list | tuple | GeneratorType):
            error = TypeError("gather takes the awaitables one by one, not a list")
            error.add_note("Write: await asyncio.gather(*calls).")
            raise error
        members = [_future(each, loop=loop) for each in awaitables]
        return Gathering(members, return_exceptions=return_exceptions)

    async def wait_for(awaitable: Any, timeout: float | None) -> Any:
        async with Timeout(timeout, loop=loop):
            return await _future(awaitable, loop=loop)

    def as_completed(awaitables: Iterable[Any], *, timeout: float | None = None) -> Iterator[Any]:
        seconds = None if timeout is None else seconds_of(timeout, name="timeout")
        return _as_completed([_future(each, loop=loop) for each in awaitables], seconds, loop)

    async def wait(
        awaitables: Iterable[Any], *, timeout: float | None = None, return_when: str = "ALL_COMPLETED"
    ) -> tuple[set[Future], set[Future]]:
        seconds = None if timeout is None else seconds_of(timeout, name="timeout")
        if return_when not in ENOUGH:
            raise ValueError(f"return_when={return_when!r} must be one of {', '.join(ENOUGH)}")
        members = [_future(each, loop=loop) for each in awaitables]
        if not members:
            raise ValueError("wait needs one awaitable at least")
        await _wait(members, seconds, return_when, loop)
        return {each for each in members if each.done}, {each for each in members if not each.done}

    def run(awaitable: Any) -> Any:
        return loop.run_until(_future(awaitable, loop=loop))

    def create_task(awaitable: Coroutine[Any, Any, Any] | Call, *, name: str | None = None) -> Task:
        return start(awaitable, loop=loop, name=name)

    return {
        "sleep": sleep,
        "gather": gather,
        "create_task": create_task,
        "ensure_future": create_task,
        "wait_for": wait_for,
        "wait": wait,
        "as_completed": as_completed,
        "run": run,
        "timeout": lambda delay: Timeout(delay, loop=loop, name="delay"),
        "TaskGroup": lambda: TaskGroup(loop=loop),
        "current_task": lambda: loop.current,
        **CONSTANTS,
    }


ENOUGH = ("FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED")
"""What `wait` can wait for."""

CONSTANTS = {
    "Semaphore": Semaphore,
    "BoundedSemaphore": Semaphore,
    "Lock": Lock,
    "Event": Event,
    "TimeoutError": TimeoutError,
    "CancelledError": CancelledError,
    "InvalidStateError": InvalidStateError,
    **{name: name for name in ENOUGH},
}
"""Members that need no loop."""


async def _wait(members: list[Future], timeout: float | None, return_when: str, loop: Loop) -> None:
    enough = Future()

    def look(member: Future) -> None:
        failed = return_when == "FIRST_EXCEPTION" and member.error is not None
        if failed or return_when == "FIRST_COMPLETED" or all(each.done for each in members):
            enough.set_result(None)

    for member in members:
        member.add_callback(look)
    stop = loop.call_later(timeout, lambda: enough.set_result(None)) if timeout is not None else None
    await enough
    if stop is not None:
        stop()


def _as_completed(members: list[Future], timeout: float | None, loop: Loop) -> Iterator[Any]:
    order = [Future() for _ in members]
    finished = iter(order)
    for member in members:
        member.add_callback(lambda member: next(finished).set_result(member))

    async def pick(slot: Future) -> Any:
        async with Timeout(timeout, loop=loop):
            return (await slot).result()

    return (pick(slot) for slot in order)
