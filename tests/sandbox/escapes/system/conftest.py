"""Runs plain Python in the hardened worker: what somebody has who broke out of the language.

A program reports success by binding `result`; a failed system call raises OSError with its number. So an attempt that
got through is a completed program, and an attempt that was stopped is none.
"""

import errno
import json
import platform
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest

from code_sandbox import JSON, Call, Exposure, Limits, Method, Outcome, Parameter, Protection, Sandbox
from code_sandbox._testing import raw_isolation

HERE = Path(__file__).parent
NUMBERS: dict[str, dict[str, int]] = json.loads((HERE / "syscalls.json").read_text())
"""The number of each system call that the attempts name, by machine."""

DEADLINE_SECONDS = 60.0
REFUSED = ("EPERM", "EACCES", "EMFILE", "ENOSYS")
"""What the kernel answers to who may not. Other errors would say that it looked at the arguments."""

EXPOSURE = Exposure(
    methods=(
        Method(path="client.books.create", parameters=(Parameter(name="title", required=True),)),
        Method(path="client.books.wait"),
    ),
    errors={},
)

PRELUDE = """
NUMBERS = @NUMBERS@
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
space = ctypes.create_string_buffer

def pointer(value=0):
    return ctypes.byref(ctypes.c_ulong(value))

def check(value):
    if value == -1:
        raise OSError(ctypes.get_errno(), errno.errorcode.get(ctypes.get_errno(), "?"))
    return value

def word(value):
    return ctypes.c_long(value) if isinstance(value, int) else value

def syscall(name, *arguments):
    number = name if isinstance(name, int) else NUMBERS.get(name)
    if number is None:
        raise OSError(errno.ENOSYS, "ENOSYS")
    return check(libc.syscall(ctypes.c_long(number), *map(word, arguments)))

def mapped(size, protection=3, flags=0x22):
    libc.mmap.restype = ctypes.c_long
    return check(libc.mmap(None, ctypes.c_size_t(size), protection, flags, -1, ctypes.c_long(0)))

def call(number, path="client.books.create", **arguments):
    channel.send({"kind": "call", "number": number, "path": path, "arguments": arguments})

def done(value=None):
    channel.send({"kind": "done", "status": "completed", "value": value, "failure": None})

def send_all(data):
    while data:
        data = data[os.write(0, data):]
"""

NEIGHBOUR = """
number = 0
def ask(title):
    global number
    number += 1
    call(number, title=title)
    return channel.receive(None)["value"]

secret, heard = ask("secret"), ""
while heard != "end":
    heard = ask(secret)
    channel.send({"kind": "print", "text": secret + "\\n", "cut": 0})
result = secret
"""
"""Another tenant's execution whose worker is forked from the same process, if workers are forked here."""


def complete(program: str) -> str:
    """Returns the program behind the functions that programs here use."""
    unknown = set(re.findall(r'syscall\(\s*"(\w+)"', program)) - set().union(*NUMBERS.values())
    assert not unknown, f"system calls without a number: {unknown}"
    return PRELUDE.replace("@NUMBERS@", repr(NUMBERS.get(platform.machine(), {}))) + program


class Bounded:
    """Sandboxes for raw programs, one for each set of limits: starting one costs more than twenty programs."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._sandboxes: dict[Limits, Sandbox] = {}

    async def of(self, limits: Limits) -> Sandbox:
        """Returns the sandbox with these limits."""
        if limits not in self._sandboxes:
            sandbox = Sandbox(exposure=EXPOSURE, limits=limits, isolation=raw_isolation())
            self._sandboxes[limits] = await self._stack.enter_async_context(sandbox)
        return self._sandboxes[limits]


class Raw:
    """Runs raw programs, all in one sandbox, beside a neighbour of their own kind."""

    def __init__(self, sandbox: Sandbox, canaries: Any, neighbour: Any, bounded: "Bounded") -> None:
        self._sandbox = sandbox
        self._bounded = bounded
        self._canaries = canaries
        self._neighbour = neighbour
        self.calls: list[Call] = []

    async def __call__(self, program: str, *, answer: Any = None, **limits: Any) -> Outcome:
        """Returns how a program ended, after a look for secrets. Keywords are limits."""
        text = self._canaries.placed(complete(program)).replace("@RAW_NEIGHBOUR_PID@", str(self._neighbour.pid))
        if not limits:
            return await self._run(self._sandbox, text, answer)
        bounds = Limits(**{"wall_seconds": 20.0, "cpu_seconds": 3.0, **limits})
        return await self._run(await self._bounded.of(bounds), text, answer)

    async def refused(self, program: str, *, also: tuple[str, ...] = (), **limits: Any) -> Outcome:
        """The system kills it for the attempt, or answers that it may not; the next program is not worse off.

        Args:
            program: Completes if the attempt succeeds.
            also: Names of errors, of the system or of Python, that are refusals in this case too.
            limits: Of the program.
        """
        outcome = await self(program, **limits)
        assert outcome.status == "failed", outcome
        assert outcome.failure is not None
        assert was_killed(outcome) or error_of(outcome) in (*REFUSED, *also), outcome.failure
        await self._next_is_well()
        return outcome

    async def is_refused(self, program: str) -> bool:
        """Tells whether the system kills it for the attempt, or answers that it may not."""
        outcome = await self(program)
        return was_killed(outcome) or (outcome.status == "failed" and error_of(outcome) == "EPERM")

    async def killed(self, program: str) -> None:
        """The system kills it for the attempt."""
        assert was_killed(await self.refused(program))

    async def value(self, program: str, **limits: Any) -> JSON:
        """It completes, with this value."""
        outcome = await self(program, **limits)
        assert outcome.status == "completed", outcome.failure
        return outcome.value

    async def value_unless_killed(self, program: str) -> JSON:
        """It completes with this value, or the system kills it: None."""
        outcome = await self(program)
        assert was_killed(outcome) or outcome.status == "completed", outcome.failure
        return outcome.value

    async def stopped(self, limit: str, program: str, **limits: Any) -> Outcome:
        """A limit ends it, and the outcome names that limit."""
        outcome = await self(program, **limits)
        assert (outcome.status, outcome.failure and outcome.failure.limit) == ("limit", limit), outcome
        return outcome

    async def broken_off(self, program: str, **limits: Any) -> Outcome:
        """The host breaks off the conversation, for the program broke its rules; the next program is not worse off."""
        outcome = await self(program, **limits)
        assert outcome.failure is not None, outcome
        assert outcome.failure.type_name == "WorkerCrashed", outcome
        assert "rules of its channel" in outcome.failure.message, outcome
        await self._next_is_well()
        return outcome

    async def _next_is_well(self) -> None:
        """A program without the functions that others use: the cheapest there is."""
        outcome = await self._run(self._sandbox, "result = 6 * 7", None)
        assert (outcome.status, outcome.value) == ("completed", 42), outcome

    async def _run(self, sandbox: Sandbox, program: str, answer: Any) -> Outcome:
        async def heard(call: Call) -> JSON:
            self.calls.append(call)
            self._canaries.shown.append(repr(call))
            if call.path == "client.books.wait":
                await anyio.sleep_forever()
            reply: JSON = call.arguments if answer is None else await answer(call)
            return reply

        with anyio.fail_after(DEADLINE_SECONDS):
            outcome = await sandbox.run(program, answer=heard, on_print=self._canaries.shown.append)
        return self._canaries.look_at(outcome)


def was_killed(outcome: Outcome) -> bool:
    """Tells whether the kernel ended the worker for a system call."""
    failure = outcome.failure
    return failure is not None and failure.type_name == "WorkerCrashed" and "SIGSYS" in failure.message


def error_of(outcome: Outcome) -> str:
    """Returns the name of the system's error that ended a program, or of the Python exception."""
    assert outcome.failure is not None
    number = re.match(r"\[Errno (\d+)\]", outcome.failure.message)
    return errno_name(int(number[1])) if number else outcome.failure.type_name


def errno_name(number: int) -> str:
    """Returns the name of a number that the system gives."""
    return errno.errorcode.get(number, str(number))


class Watched:
    """The raw isolation of this system, which remembers the worker that it started last."""

    def __init__(self) -> None:
        self._inner = raw_isolation()
        self.last: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def start(self) -> Any:
        self.last = await self._inner.start()
        return self.last


@pytest.fixture(scope="session")
def raw_watched(host_secret: str) -> Watched:
    return Watched()


@pytest.fixture(scope="session")
async def raw_sandbox(host_secret: str, raw_watched: Watched) -> AsyncIterator[Sandbox]:
    """One sandbox for all raw programs: each has a worker of its own."""
    limits = Limits(cpu_seconds=5.0, wall_seconds=900.0, calls=10_000)
    async with Sandbox(exposure=EXPOSURE, limits=limits, isolation=raw_watched) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
async def raw_neighbour(raw_sandbox: Sandbox, raw_watched: Watched, neighbour: Any) -> AsyncIterator[Any]:
    """Lives beside all raw programs, and ends in good order after the last."""

    class RawNeighbour(type(neighbour)):  # type: ignore[misc]
        PROGRAM = complete(NEIGHBOUR)

    raw_neighbour = RawNeighbour()
    await raw_neighbour.move_in(raw_sandbox, raw_watched)
    yield raw_neighbour
    await raw_neighbour.move_out()


@pytest.fixture(scope="session")
async def protection(raw_sandbox: Sandbox) -> Protection:
    """What the raw workers say about the layers around them."""
    return await raw_sandbox.isolation()


@pytest.fixture(scope="session")
async def bounded(host_secret: str) -> AsyncIterator[Bounded]:
    """Sandboxes for raw programs with other limits than the usual ones."""
    async with AsyncExitStack() as stack:
        yield Bounded(stack)


@pytest.fixture
async def raw(
    raw_sandbox: Sandbox, raw_neighbour: Any, canaries: Any, protection: Protection, bounded: Bounded
) -> AsyncIterator[Raw]:
    """Runs raw programs; the raw neighbour is alive and well after the test."""
    if protection.level != "strong":
        pytest.skip(f"no strong isolation here: {dict(protection.missing)}")
    canaries.secrets["the raw neighbour"] = raw_neighbour.secret
    yield Raw(raw_sandbox, canaries, raw_neighbour, bounded)
    await raw_neighbour.say_something()


@pytest.fixture
def completed() -> Callable[[str], str]:
    """Puts the functions that programs here use before a program."""
    return complete


@pytest.fixture
def numbers() -> dict[str, int]:
    """The numbers of system calls on this machine."""
    return NUMBERS[platform.machine()]
