"""The process that forks workers: it may die, hang or grow old, and nobody is left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import anyio
import pytest

from code_sandbox import Failure, Limits, Sandbox, SandboxError
from code_sandbox._processes.zygote import Zygote

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux")

WAIT = "await client.books.wait()"


class Watched:
    """A zygote's isolation that remembers the workers it gave."""

    def __init__(self, **habits):
        self.inner = Zygote(**habits)
        self.pids = []

    async def open(self, setup):
        await self.inner.open(setup)

    async def start(self):
        worker = await self.inner.start()
        self.pids.append(worker.pid)
        return worker

    async def close(self):
        await self.inner.close()


class Library:
    """Answers that come when the test says so."""

    def __init__(self):
        self.called = asyncio.Queue()
        self.released = anyio.Event()

    async def answer(self, call):
        self.called.put_nowait(call)
        await self.released.wait()
        return "answered"


@pytest.fixture
def library():
    return Library()


def field_of_stat(pid, number):
    """Returns a field of /proc/<pid>/stat, counted as proc(5) does."""
    text = Path(f"/proc/{pid}/stat").read_text()
    return text[text.rindex(")") + 2 :].split()[number - 3]


def parent(pid):
    return int(field_of_stat(pid, 4))


def command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")


def children(pid):
    """Returns the processes whose parent this is, the dead ones too."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if parent(entry.name) == pid:
                    found.append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def family(pid):
    return [pid, *(each for child in children(pid) for each in family(child))]


def exists(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def end_of(pid):
    """Waits until a process has ended, whoever reaps it."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        await anyio.wait_readable(descriptor)
    finally:
        os.close(descriptor)


async def start(sandbox, library, program=WAIT):
    """Starts a program, and waits for its first call."""
    task = asyncio.create_task(sandbox.run(program, answer=library.answer))
    await library.called.get()
    return task


def innocent(outcome):
    """Tells whether an outcome says that the program did nothing wrong and has made calls."""
    failure = outcome.failure
    return (
        (outcome.status, failure.type_name, failure.limit) == ("failed", "WorkerCrashed", None)
        and failure.message.endswith("That is not the program's fault.")
        and failure.hint == "Before you send it again, look what its calls have done already (1: client.books.wait)."
    )


async def test_all_workers_come_from_one_process_that_is_no_fork_of_the_host(exposure, library):
    watched = Watched()
    with anyio.fail_after(30):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            tasks = [await start(sandbox, library) for _ in range(3)]
            [zygote] = {parent(pid) for pid in watched.pids}
            assert command_line(zygote)[-1] == b"code_sandbox._worker.zygote"
            library.released.set()
            assert [(await task).value for task in tasks] == ["answered"] * 3


async def test_a_sandbox_that_nobody_uses_leaves_no_process(exposure):
    before = family(os.getpid())
    with anyio.fail_after(30):
        async with Sandbox(exposure=exposure, isolation=Zygote()):
            pass
    assert family(os.getpid()) == before


async def test_more_programs_run_than_workers_were_waiting(exposure, library):
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=Zygote(spare=1)) as sandbox:
            tasks = [asyncio.create_task(sandbox.run(WAIT, answer=library.answer)) for _ in range(20)]
            for _ in tasks:
                await library.called.get()
            library.released.set()
            assert [(await task).value for task in tasks] == ["answered"] * 20


async def test_a_worker_that_was_handed_out_is_replaced_before_anybody_asks(exposure, library):
    watched = Watched(spare=2)
    with anyio.fail_after(30):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            await start(sandbox, library)
            zygote = parent(watched.pids[0])
            while len(children(zygote)) != 3:
                await anyio.lowlevel.checkpoint()
            library.released.set()


async def test_programs_do_not_share_their_chance(exposure, library):
    with anyio.fail_after(30):
        async with Sandbox(exposure=exposure, isolation=Zygote()) as sandbox:
            program = "import random, uuid\n[random.random(), str(uuid.uuid4())]"
            outcomes = [await sandbox.run(program, answer=library.answer) for _ in range(4)]
    assert len({str(part) for outcome in outcomes for part in outcome.value}) == 8


async def test_an_outcome_tells_what_its_own_worker_used(exposure, library):
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=Zygote()) as sandbox:
            idle = await sandbox.run("1", answer=library.answer)
            large = await sandbox.run("x = 'a' * 50_000_000\nlen(x)", answer=library.answer)
            busy = await sandbox.run("for _ in range(20_000_000): pass", answer=library.answer)
            after = await sandbox.run("1", answer=library.answer)
    assert (large.status, busy.status) == ("completed", "completed")
    assert large.peak_memory_bytes - idle.peak_memory_bytes > 40_000_000
    assert after.peak_memory_bytes < large.peak_memory_bytes - 40_000_000
    assert 0 < after.cpu_seconds < busy.cpu_seconds / 5


@pytest.mark.parametrize("victim", ["the process that forks", "the process that the host started"])
async def test_a_killed_zygote_ends_its_programs_and_the_next_call_works(exposure, library, victim):
    watched = Watched()
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            tasks = [await start(sandbox, library) for _ in range(2)]
            zygote = parent(watched.pids[0])
            if victim == "the process that the host started":
                [zygote] = [pid for pid in children(os.getpid()) if pid == zygote or zygote in children(pid)]
            os.kill(zygote, signal.SIGKILL)
            assert [innocent(await task) for task in tasks] == [True, True]
            for pid in (zygote, *watched.pids):
                await end_of(pid)
            outcome = await sandbox.run("1", answer=library.answer)
            assert (outcome.status, outcome.value) == ("completed", 1)


async def test_a_program_without_calls_may_simply_be_sent_again(exposure, library):
    watched = Watched()
    printed = anyio.Event()
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            program = "print(1)\nawait asyncio.sleep(1000)"
            task = asyncio.create_task(sandbox.run(program, answer=library.answer, on_print=lambda text: printed.set()))
            await printed.wait()
            os.kill(parent(watched.pids[0]), signal.SIGKILL)
            outcome = await task
    assert outcome.failure == Failure(
        type_name="WorkerCrashed",
        message="The process that holds all workers went away, and this program with it. "
        "That is not the program's fault.",
        hint="It had made no calls: send it again.",
    )


async def test_a_killed_worker_ends_its_program_alone(exposure, library):
    watched = Watched()
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            first, second = [await start(sandbox, library) for _ in range(2)]
            os.kill(watched.pids[0], signal.SIGKILL)
            assert innocent(await first)
            assert not exists(watched.pids[0])
            library.released.set()
            assert (await second).value == "answered"
            assert (await sandbox.run("1", answer=library.answer)).value == 1


async def test_a_spare_worker_that_was_killed_is_not_handed_out(exposure, library):
    watched = Watched(spare=1)
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            await sandbox.run("1", answer=library.answer)
            await start(sandbox, library)
            zygote = parent(watched.pids[-1])
            while len(spares := set(children(zygote)) - set(watched.pids)) != 1:
                await anyio.lowlevel.checkpoint()
            [spare] = spares
            os.kill(spare, signal.SIGKILL)
            await end_of(spare)
            while exists(spare):
                await anyio.lowlevel.checkpoint()
            assert (await sandbox.run("1", answer=library.answer)).value == 1
            library.released.set()


async def test_a_zygote_that_hangs_is_killed_and_replaced(exposure, library):
    watched = Watched(spare=1, patience_seconds=0.3)
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            waiting = await start(sandbox, library)
            zygote = parent(watched.pids[0])
            os.kill(zygote, signal.SIGSTOP)
            # More than wait in store: at least one of them asks the zygote for something.
            others = [asyncio.create_task(sandbox.run("1", answer=library.answer)) for _ in range(3)]
            assert innocent(await waiting)
            assert [(await task).status for task in others] == ["completed"] * 3
            await end_of(zygote)
            assert (await sandbox.run("1", answer=library.answer)).value == 1


async def test_a_program_is_cancelled_though_the_zygote_hangs(exposure, library):
    watched = Watched(patience_seconds=0.3)
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            task = await start(sandbox, library)
            os.kill(parent(watched.pids[0]), signal.SIGSTOP)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await end_of(watched.pids[0])


async def test_a_sandbox_is_left_though_its_zygote_hangs(exposure, library):
    watched = Watched(patience_seconds=0.3)
    before = family(os.getpid())
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            await sandbox.run("1", answer=library.answer)
            await start(sandbox, library)
            os.kill(parent(watched.pids[-1]), signal.SIGSTOP)
    assert family(os.getpid()) == before


async def test_a_worn_zygote_is_replaced_and_ends_with_its_last_program(exposure, library):
    watched = Watched(spare=1, forks=3)
    zygotes = []
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=watched) as sandbox:
            old = await start(sandbox, library)
            zygotes.append(parent(watched.pids[0]))
            while parent(watched.pids[-1]) == zygotes[0]:
                tasks = [await start(sandbox, library)]
            library.released.set()
            assert [(await task).value for task in (old, *tasks)] == ["answered", "answered"]
            await end_of(zygotes[0])
            assert (await sandbox.run("1", answer=library.answer)).value == 1


async def test_nothing_is_left_after_an_exception_in_the_block(exposure, library):
    before = family(os.getpid())

    async def fail():
        async with Sandbox(exposure=exposure, isolation=Zygote()) as sandbox:
            tasks.append(await start(sandbox, library))
            raise ZeroDivisionError

    tasks = []
    with anyio.fail_after(60):
        with pytest.raises(ZeroDivisionError):
            await fail()
        assert (await tasks[0]).status == "failed"
    assert family(os.getpid()) == before


async def test_a_program_that_is_being_started_ends_with_the_sandbox(exposure, library):
    before = family(os.getpid())
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=Zygote()) as sandbox:
            tasks = [asyncio.create_task(sandbox.run("1", answer=library.answer)) for _ in range(10)]
            await anyio.lowlevel.checkpoint()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(result, SandboxError) for result in results)
    assert family(os.getpid()) == before


async def test_no_descriptor_is_left_of_many_programs(exposure, library):
    before = len(os.listdir("/proc/self/fd"))
    with anyio.fail_after(120):
        async with Sandbox(exposure=exposure, isolation=Zygote(spare=2)) as sandbox:
            for _ in range(20):
                await asyncio.gather(*(sandbox.run("1", answer=library.answer) for _ in range(10)))
            # The socket to the zygote, a descriptor of its process, and one for each spare worker.
            assert len(os.listdir("/proc/self/fd")) <= before + 4
    assert len(os.listdir("/proc/self/fd")) == before


async def test_two_sandboxes_in_one_process_are_strangers(exposure, library):
    first, second = Watched(), Watched()
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=first) as one:
            async with Sandbox(exposure=exposure, isolation=second) as two:
                task = await start(one, library)
                await start(two, library)
                assert parent(first.pids[0]) != parent(second.pids[0])
                os.kill(parent(second.pids[0]), signal.SIGKILL)
            library.released.set()
            assert (await task).value == "answered"


async def test_a_killed_host_leaves_neither_zygote_nor_workers(tmp_path):
    script = tmp_path / "host.py"
    script.write_text(
        textwrap.dedent("""
            import asyncio
            from code_sandbox import Exposure, Method, Sandbox

            async def answer(call):
                print("called", flush=True)
                await asyncio.Event().wait()

            async def main():
                async with Sandbox(exposure=Exposure(methods=(Method(path="wait"),))) as sandbox:
                    await asyncio.gather(*(sandbox.run("await wait()", answer=answer) for _ in range(3)))

            asyncio.run(main())
        """)
    )
    host = subprocess.Popen(  # noqa: ASYNC220 - the test waits for its lines
        [sys.executable, script],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with anyio.fail_after(60), host:
        for _ in range(3):
            assert await anyio.to_thread.run_sync(host.stdout.readline) == b"called\n"
        processes = family(host.pid)
        assert len(processes) >= 1 + 1 + 3
        host.kill()
        for pid in processes:
            await end_of(pid)


async def test_a_limit_of_processor_time_holds_in_a_worker_that_waited_long(exposure, library):
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, isolation=Zygote(), limits=Limits(cpu_seconds=0.1)) as sandbox:
            outcome = await sandbox.run("while True: pass", answer=library.answer)
    assert (outcome.status, outcome.failure.limit) == ("limit", "cpu_seconds")
