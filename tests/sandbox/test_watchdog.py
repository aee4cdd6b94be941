"""All programs together keep a budget of memory."""

import asyncio
import os
import sys

import anyio
import pytest

from code_sandbox import Capacity, Failure, Limits, Sandbox
from code_sandbox._host.machine import memory_bytes
from code_sandbox._host.watchdog import LOOKS_AT_ONCE, Watchdog

MIB = 2**20
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads sizes from /proc")


class Sized:
    """A worker of a given size, which is 0 once it is killed."""

    def __init__(self, size_bytes, killed):
        self.size_bytes = size_bytes
        self._killed = killed

    def memory_bytes(self):
        return self.size_bytes

    def kill(self):
        self._killed.append(self)


async def one_look(sizes, *, budget_bytes):
    """Lets a watchdog look at workers of these sizes, and returns the sizes of those it killed."""
    watchdog = Watchdog(budget_bytes=budget_bytes, interval_seconds=0.0)
    killed = []
    workers = [Sized(size, killed) for size in sizes]
    for worker in workers:
        watchdog.watch(worker)
    for _ in range(3 * (1 + len(workers) // LOOKS_AT_ONCE)):
        await asyncio.sleep(0)
    was_evicted = [watchdog.release(worker) for worker in workers]
    assert was_evicted == [worker in killed for worker in workers]
    return [worker.size_bytes for worker in killed]


@pytest.mark.parametrize(
    ("sizes", "killed"),
    [
        ([10, 20, 30], []),
        ([10, 50, 60], [60]),
        ([10, 90, 80, 70], [90, 80]),
        ([101], [101]),
        ([1] * 250, [1] * 150),
    ],
)
async def test_the_largest_are_ended_until_the_rest_keeps_the_budget(sizes, killed):
    assert await one_look(sizes, budget_bytes=100) == killed


@linux_only
async def test_a_program_that_fills_the_memory_of_all_is_ended_and_the_others_go_on(exposure):
    called, released = asyncio.Queue(), anyio.Event()

    async def answer(call):
        called.put_nowait(call)
        await released.wait()
        return "answered"

    capacity = Capacity(total_memory_bytes=100 * MIB)
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, capacity=capacity) as sandbox:
            small = asyncio.create_task(sandbox.run("await client.books.wait()", answer=answer))
            await called.get()
            program = "x = []\nfor _ in range(150): x.append('a' * 2**20)\nawait client.books.wait()"
            outcome = await sandbox.run(program, answer=answer)
            assert outcome.status == "limit"
            assert outcome.failure == Failure(
                type_name="LimitReached",
                message="All programs together used too much memory, and this one used the most "
                "(total_memory_bytes = 100 MiB).",
                hint="Keep less data at a time, and run fewer programs at once.",
                limit="total_memory_bytes",
            )
            released.set()
            assert (await small).value == "answered"


@linux_only
async def test_a_crowd_that_keeps_each_its_own_limit_does_not_fill_the_machine(exposure):
    async def answer(call):
        await anyio.sleep_forever()

    capacity = Capacity(total_memory_bytes=150 * MIB)
    program = "x = []\nfor _ in range(40): x.append('a' * 2**20)\nawait client.books.wait()"
    with anyio.fail_after(60):
        async with Sandbox(exposure=exposure, capacity=capacity, limits=Limits(memory_bytes=64 * MIB)) as sandbox:
            tasks = {asyncio.create_task(sandbox.run(program, answer=answer)) for _ in range(8)}
            ended = set()
            # 8 times 43 MiB were asked for; three of them have room.
            while len(ended) < 5:
                done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                ended |= done
            assert {task.result().failure.limit for task in ended} == {"total_memory_bytes"}


def test_a_control_group_bounds_what_the_machine_has(tmp_path):
    machine = memory_bytes(tmp_path)
    assert machine == os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text("4:cpu:/a\n3:memory:/docker/one\n0::/user/two\n")
    new, old = tmp_path / "sys/fs/cgroup/user", tmp_path / "sys/fs/cgroup/memory"
    (new / "two").mkdir(parents=True)
    old.mkdir(parents=True)
    (new / "two/memory.max").write_text("max\n")
    assert memory_bytes(tmp_path) == machine
    (new / "memory.max").write_text("300000000\n")
    assert memory_bytes(tmp_path) == 300_000_000
    # Inside a container the path of the group outside may lead nowhere.
    (old / "memory.limit_in_bytes").write_text("200000000\n")
    assert memory_bytes(tmp_path) == 200_000_000
