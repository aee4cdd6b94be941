"""Runs programs that try to get out: in their language, and once more as plain Python in the same locked worker."""

import os
import textwrap
from typing import Any

import anyio
from sandbox.escapes.canaries import Canaries, Watched
from sandbox.sandboxes import Sandboxes

from code_sandbox import JSON, Call, CallFailed, Exposure, Limits, Method, Outcome, Page, Parameter, Sandbox

RAW_LIMITS = Limits(wall_seconds=3.0, cpu_seconds=0.1, memory_bytes=64 * 2**20, calls=10_000, calls_per_second=1e6)
"""Without the language layer more programs run until a limit ends them."""
DEADLINE_SECONDS = 60.0
"""A program that is still there by then hangs in a way that no limit names."""

EXPOSURE = Exposure(
    methods=(
        Method(
            path="client.books.create",
            parameters=(
                Parameter(name="title", required=True),
                Parameter(name="page_count"),
                Parameter(name="tags"),
            ),
        ),
        Method(
            path="client.books.retrieve",
            parameters=(Parameter(name="book_id", required=True, positional=True),),
        ),
        Method(path="client.books.list", parameters=(Parameter(name="cursor"),), paged=True),
        Method(path="client.books.wait"),
        Method(path="show", parameters=(Parameter(name="output", required=True, positional=True),)),
    ),
    errors={"APIError": None, "NotFoundError": "APIError"},
)


async def library(call: Call) -> JSON | Page:
    """Answers as a library with one book, on two pages, does."""
    match call.path:
        case "client.books.list":
            book: JSON = {"book_id": "book_1", "title": "One", "_hidden": "hidden"}
            following: dict[str, JSON] | None = {"cursor": "2"} if "cursor" not in call.arguments else None
            return Page(items=[book], body={"books": [book], "_hidden": "hidden"}, next_arguments=following)
        case "client.books.retrieve":
            raise CallFailed("NotFoundError", "no such book", {"status": 404, "__class__": "no class"})
        case "client.books.wait":
            await anyio.sleep_forever()
    return {"path": call.path, "arguments": call.arguments, "__class__": "no class", "keys": "no method"}


class Unguarded:
    """Runs the same programs with the language layer off: as plain Python, in the same locked worker.

    Much of what a program tries succeeds here, for it is only the language that forbids it. What is held against it is
    the border of the process: the secrets stay where they are, the host and the neighbour are well, no process is left.
    """

    def __init__(self, sandbox: Sandbox, watched: Watched, canaries: Canaries) -> None:
        self._sandbox = sandbox
        self._watched = watched
        self._canaries = canaries

    async def __call__(self, program: str, answer: Any) -> None:
        """Runs a program to its end, however it ends, and looks for secrets."""
        with anyio.fail_after(DEADLINE_SECONDS):
            outcome = await self._sandbox.run(
                program, answer=answer, on_print=self._canaries.shown.append, language="python"
            )
        self._canaries.look_at(outcome)
        await gone(getattr(self._watched.last, "pid", 0))


async def gone(pid: int) -> None:
    """Waits until a process has ended."""
    try:
        descriptor = os.pidfd_open(pid) if pid else None
    except ProcessLookupError:
        return
    if descriptor is not None:
        try:
            with anyio.fail_after(DEADLINE_SECONDS):
                await anyio.wait_readable(descriptor)
        finally:
            os.close(descriptor)


class Attempt:
    """Runs programs that try to get out, in a sandbox beside the neighbour; each once more with the language off."""

    def __init__(self, sandbox: Sandbox, limited: Sandboxes, canaries: Canaries, unguarded: "Unguarded | None") -> None:
        self._unguarded = unguarded
        self._sandbox = sandbox
        self._limited = limited
        self._canaries = canaries

    async def __call__(self, program: str, *, answer: Any = library, **limits: Any) -> Outcome:
        """Returns how a program ended, after a look for secrets. Keywords are limits."""
        sandbox = self._sandbox
        if limits:
            sandbox = await self._limited.of(Limits(**{"wall_seconds": 20.0, "cpu_seconds": 3.0, **limits}))
        return await self._run(sandbox, program, answer)

    async def refused(self, program: str) -> Outcome:
        """The language policy refuses it: nothing of it runs."""
        outcome = await self(f"print('it runs')\n{program}\nreturn 'ESCAPED'")
        assert (outcome.status, outcome.printed, outcome.calls) == ("failed", "", ()), outcome
        assert outcome.failure is not None
        by_policy = outcome.failure.type_name == "PolicyError"
        # Problems of several kinds have the name of none.
        among_others = outcome.failure.type_name == "CheckError" and "not allowed" in repr(outcome.failure.problems)
        assert by_policy or among_others, outcome.failure
        return outcome

    async def raises(self, error: str, program: str) -> Outcome:
        """It runs, and ends with an error of this type.

        It stands in a `try` that names the error, so that no check before the run takes the guard's part.
        """
        body = textwrap.indent(program, "    ")
        outcome = await self(f"try:\n{body}\nexcept {error}:\n    raise\nreturn 'ESCAPED'")
        assert outcome.status == "failed", outcome
        assert outcome.failure is not None
        assert outcome.failure.type_name == error, outcome.failure
        return outcome

    async def returns(self, value: JSON, program: str) -> Outcome:
        """It completes with a value that shows that the trick changed nothing."""
        outcome = await self(program)
        assert (outcome.status, outcome.value) == ("completed", value), outcome
        return outcome

    async def stopped(self, limit: str, program: str, **limits: Any) -> Outcome:
        """A limit ends it, and the outcome names that limit."""
        outcome = await self(program, **limits)
        assert (outcome.status, outcome.failure and outcome.failure.limit) == ("limit", limit), outcome
        return outcome

    async def _run(self, sandbox: Sandbox, program: str, answer: Any) -> Outcome:
        async def heard(call: Call) -> JSON | Page:
            self._canaries.shown.append(repr(call))
            reply: JSON | Page = await answer(call)
            return reply

        placed = self._canaries.placed(program)
        with anyio.fail_after(DEADLINE_SECONDS):
            outcome = await sandbox.run(placed, answer=heard, on_print=self._canaries.shown.append)
        if self._unguarded is not None:
            await self._unguarded(placed, heard)
        return self._canaries.look_at(outcome)
