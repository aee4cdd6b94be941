"""What a worker holds, seen from outside while a program runs in it."""

import os
import sys
from pathlib import Path

import anyio
import pytest

from code_sandbox import Limits, Sandbox
from code_sandbox._processes.default import default_isolation

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a worker hides this from others than root")


class Watched:
    """The isolation of this system, which remembers its workers."""

    def __init__(self):
        self.inner = default_isolation()
        self.workers = []

    async def open(self, setup):
        await self.inner.open(setup)

    async def start(self):
        worker = await self.inner.start()
        self.workers.append(worker)
        return worker

    async def close(self):
        await self.inner.close()


@pytest.fixture
async def worker(exposure, monkeypatch):
    """The process of a worker that waits for a call, in a host with a secret."""
    monkeypatch.setenv("CANARY", "hunter2")
    watched, called = Watched(), anyio.Event()

    async def answer(call):
        called.set()
        await anyio.sleep_forever()

    sandbox = Sandbox(exposure=exposure, isolation=watched, limits=Limits(cpu_seconds=5))
    async with anyio.create_task_group() as group, sandbox:

        async def run():
            await sandbox.run("await client.books.wait()", answer=answer)

        group.start_soon(run)
        with anyio.fail_after(10):
            await called.wait()
        yield Path(f"/proc/{watched.workers[0].pid}")
        group.cancel_scope.cancel()


def status(worker):
    lines = (worker / "status").read_text().splitlines()
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


def limits(worker):
    rows = (worker / "limits").read_text().splitlines()[1:]
    return {row[:25].strip(): row[25:46].strip() for row in rows}


@needs_root
async def test_a_worker_has_no_environment(worker):
    assert (worker / "environ").read_bytes() == b""


@needs_root
async def test_a_worker_has_one_descriptor(worker):
    assert os.listdir(worker / "fd") == ["0"]
    assert os.readlink(worker / "fd" / "0").startswith("socket:")


async def test_a_worker_can_open_no_file(worker):
    assert limits(worker)["Max open files"] == "1"


async def test_a_worker_can_write_no_file_and_dump_no_core(worker):
    bounds = limits(worker)
    assert (bounds["Max file size"], bounds["Max core file size"], bounds["Max processes"]) == ("0", "0", "0")


async def test_a_worker_is_bounded_in_memory_and_processor_time(worker):
    bounds = limits(worker)
    size = int(status(worker)["VmSize"].split()[0]) * 1024
    # What it gave back since it set the bound is counted too.
    assert 0 < int(bounds["Max address space"]) - size <= Limits().memory_bytes + 4 * 2**20
    assert int(bounds["Max cpu time"]) <= 5 + 2


async def test_a_worker_can_gain_no_privileges_and_leads_its_own_session(worker):
    assert status(worker)["NoNewPrivs"] == "1"
    assert os.getsid(int(worker.name)) == int(worker.name)


@needs_root
async def test_a_worker_sits_in_an_empty_folder_in_which_nothing_can_be_made(worker):
    assert os.listdir(worker / "cwd") == []
    with pytest.raises(OSError, match=r"No such file|Read-only"):
        (worker / "cwd" / "file").touch()


@needs_root
async def test_a_worker_knows_no_secret_of_its_host(worker):
    memory = b"".join((worker / name).read_bytes() for name in ("environ", "cmdline"))
    assert b"hunter2" not in memory
