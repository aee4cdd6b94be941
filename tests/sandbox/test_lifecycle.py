"""Processes and folders: started for a program, and gone with it."""

import asyncio
import os
import sys
import tempfile

import anyio
import anyio.lowlevel
import pytest

from code_sandbox import Capacity, Exposure, Limits, Method, Sandbox, SandboxError
from code_sandbox._processes.fresh import FreshProcess
from code_sandbox._processes.piped import PipedProcess
from code_sandbox._processes.zygote import Zygote

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="asks the system about process numbers")

ISOLATIONS = [FreshProcess] if sys.platform != "linux" else [FreshProcess, Zygote]


class Watched:
    """An isolation that remembers the processes it started."""

    def __init__(self, inner):
        self.inner = inner
        self.pids = []

    async def open(self, setup):
        await self.inner.open(setup)

    async def start(self):
        worker = await self.inner.start()
        self.pids.append(worker.pid)
        return worker

    async def close(self):
        await self.inner.close()


def exists(pid):
    """Tells whether there is such a process, be it a zombie."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Where workers get their folders during a test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture(params=ISOLATIONS, ids=[kind.__name__ for kind in ISOLATIONS])
def watched(request):
    return Watched(request.param())


@pytest.fixture
def waiting():
    """An answer that never comes, and the event that it was asked for."""
    called = anyio.Event()

    async def answer(call):
        called.set()
        await anyio.sleep_forever()

    answer.called = called
    return answer


ENDS = {
    "completed": "1",
    "failed": "1 / 0",
    "policy": "().__class__.__bases__",
    "limit": "while True: pass",
    "crash": "x = [1]\nfor _ in range(300_000): x = map(abs, x)\nlist(x)",
    "busy": "client.books.wait()\nwhile True: pass",
}


@pytest.mark.parametrize("end", ENDS.keys())
async def test_nothing_is_left_of_a_program(exposure, watched, folders, end):
    async def answer(call):
        await anyio.sleep_forever()

    async with Sandbox(exposure=exposure, isolation=watched, limits=Limits(cpu_seconds=0.1)) as sandbox:
        await sandbox.run(ENDS[end], answer=answer)
        assert len(watched.pids) == 1
        # One that said its last word is killed at once, and its zygote reaps it while the next program runs.
        with anyio.fail_after(5):
            while exists(watched.pids[0]):
                await anyio.lowlevel.checkpoint()
        assert os.listdir(folders) == []


@pytest.mark.parametrize(
    "program", ["await client.books.wait()", "client.books.wait()\nwhile True: pass"], ids=["waiting", "busy"]
)
async def test_cancelling_kills_the_worker(exposure, watched, folders, waiting, program):
    async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
        task = asyncio.create_task(sandbox.run(program, answer=waiting))
        with anyio.fail_after(10):
            await waiting.called.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert [exists(pid) for pid in watched.pids] == [False]
        assert os.listdir(folders) == []


@pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux")
async def test_a_sandbox_opens_without_waiting_for_its_zygote(exposure, monkeypatch, tmp_path):
    never_up = tmp_path / "never_up"
    never_up.write_text("#!/bin/sh\nexec sleep 1000\n")
    never_up.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(never_up))
    with anyio.fail_after(10):
        async with Sandbox(exposure=exposure, isolation=Zygote(patience_seconds=0.1)):
            pass


async def test_a_cancel_scope_kills_the_worker(exposure, watched, folders, waiting):
    async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
        with anyio.fail_after(10):
            async with anyio.create_task_group() as group:

                async def run():
                    await sandbox.run("await client.books.wait()", answer=waiting)

                group.start_soon(run)
                await waiting.called.wait()
                group.cancel_scope.cancel()
        assert [exists(pid) for pid in watched.pids] == [False]
        assert os.listdir(folders) == []


async def test_cancelling_cancels_the_open_answers(exposure):
    called, cancelled = anyio.Event(), anyio.Event()

    async def answer(call):
        called.set()
        try:
            await anyio.sleep_forever()
        finally:
            cancelled.set()

    async with Sandbox(exposure=exposure) as sandbox:
        task = asyncio.create_task(sandbox.run("await client.books.wait()", answer=answer))
        with anyio.fail_after(10):
            await called.wait()
            task.cancel()
            await asyncio.wait([task])
            await cancelled.wait()


async def test_leaving_the_sandbox_ends_its_programs(exposure, watched, waiting):
    with anyio.fail_after(10):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            task = asyncio.create_task(sandbox.run("await client.books.wait()", answer=waiting))
            await waiting.called.wait()
        assert [exists(pid) for pid in watched.pids] == [False]
        outcome = await task
    assert (outcome.status, outcome.failure.message) == (
        "failed",
        "The sandbox was closed while the program ran.",
    )


async def test_a_sandbox_that_is_not_open_runs_nothing(exposure, watched, waiting):
    sandbox = Sandbox(exposure=exposure, isolation=watched)
    with pytest.raises(SandboxError):
        await sandbox.run("1", answer=waiting)
    assert watched.pids == []


async def test_programs_run_at_the_same_time(exposure):
    """Each waits for all the others, which only ends if all of them run."""
    arrived, everybody = [], anyio.Event()

    async def answer(call):
        arrived.append(call)
        if len(arrived) == 4:
            everybody.set()
        await everybody.wait()
        return call.arguments["title"]

    async with Sandbox(exposure=exposure) as sandbox:
        with anyio.fail_after(20):
            outcomes = await asyncio.gather(
                *(sandbox.run(f"await client.books.create(title={number})", answer=answer) for number in range(4))
            )
    assert [outcome.value for outcome in outcomes] == [0, 1, 2, 3]


async def test_programs_above_the_admission_wait(exposure):
    running = most = 0

    async def answer(call):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await anyio.lowlevel.checkpoint()
        running -= 1

    async with Sandbox(exposure=exposure, capacity=Capacity(programs_at_once=1)) as sandbox:
        with anyio.fail_after(20):
            outcomes = await asyncio.gather(
                *(sandbox.run("await client.books.create(title='a')", answer=answer) for _ in range(3))
            )
    assert [outcome.status for outcome in outcomes] == ["completed"] * 3
    assert most == 1


async def test_an_error_of_on_print_reaches_the_caller_and_leaves_no_process(exposure, watched, waiting):
    def broken(text):
        raise ZeroDivisionError

    async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
        with pytest.raises(ZeroDivisionError):
            await sandbox.run("print(1)\nawait client.books.wait()", answer=waiting, on_print=broken)
        assert [exists(pid) for pid in watched.pids] == [False]


async def test_an_interpreter_that_cannot_start_is_the_hosts_fault(exposure, folders, waiting, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    async with Sandbox(exposure=exposure) as sandbox:
        with pytest.raises(SandboxError, match="'/nonexistent/python'"):
            await sandbox.run("1", answer=waiting)
    assert os.listdir(folders) == []


async def test_programs_run_over_pipes_too(exposure, folders):
    async def answer(call):
        return call.arguments

    watched = Watched(PipedProcess())
    async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
        with anyio.fail_after(20):
            outcome = await sandbox.run(
                "print('a')\nawait asyncio.sleep(0.01)\n(await client.books.create(title='b')).title",
                answer=answer,
            )
    assert (outcome.status, outcome.value, outcome.printed) == ("completed", "b", "a\n")
    assert [exists(pid) for pid in watched.pids] == [False]
    assert os.listdir(folders) == []


async def test_cancelling_kills_a_worker_over_pipes(exposure, folders, waiting):
    watched = Watched(PipedProcess())
    async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
        task = asyncio.create_task(sandbox.run("await client.books.wait()", answer=waiting))
        with anyio.fail_after(10):
            await waiting.called.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    assert [exists(pid) for pid in watched.pids] == [False]
    assert os.listdir(folders) == []


@pytest.mark.parametrize(
    "path", ["_client.x", "client._x", "client.__class__", "Client.x", "client..x", "", "client.x y"]
)
def test_paths_that_could_reach_a_hosts_insides_are_refused(path):
    with pytest.raises(ValueError, match="is no path"):
        Method(path=path)


def test_a_path_can_be_exposed_once():
    with pytest.raises(ValueError, match="more than once"):
        Exposure(methods=(Method(path="client.a"), Method(path="client.b", aliases=("client.a",))))
