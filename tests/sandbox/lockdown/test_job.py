"""A worker over pipes is put into a job before it is sent a byte, and the job ends with it."""

import sys

import anyio
import pytest

from code_sandbox import Exposure, Limits, Sandbox
from code_sandbox._processes.piped import PipedProcess

NOTHING = Exposure(methods=(), errors={})
LIMITS = Limits(cpu_seconds=5.0)


class Job:
    """Remembers what becomes of it."""

    def __init__(self, limits: Limits, *, error: str = "") -> None:
        self.limits = limits
        self.error = error
        self.process_id = 0
        self.is_closed = False

    def assign(self, process_id: int) -> None:
        if self.error:
            raise OSError(self.error)
        self.process_id = process_id

    def close(self) -> None:
        self.is_closed = True


async def test_each_worker_is_in_a_job_of_its_own_that_is_closed_at_its_end() -> None:
    jobs: list[Job] = []

    def make(limits: Limits) -> Job:
        jobs.append(Job(limits))
        return jobs[-1]

    async def answer(_: object) -> None:
        return None

    with anyio.fail_after(30):
        async with Sandbox(exposure=NOTHING, limits=LIMITS, isolation=PipedProcess(make_job=make)) as sandbox:
            values = [(await sandbox.run("1 + 1", answer=answer)).value for _ in range(2)]
            protection = await sandbox.isolation()
    assert values == [2, 2]
    assert "job_object" in protection.layers
    assert [job.limits for job in jobs] == [LIMITS] * 3
    assert all(job.process_id and job.is_closed for job in jobs)
    assert len({job.process_id for job in jobs}) == 3


async def test_a_job_that_refuses_a_worker_is_told_and_closed() -> None:
    job = Job(LIMITS, error="access is denied")
    with anyio.fail_after(30):
        async with Sandbox(exposure=NOTHING, isolation=PipedProcess(make_job=lambda _: job)) as sandbox:
            protection = await sandbox.isolation()
    assert protection.missing["job_object"] == "access is denied"
    assert job.is_closed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has them")
async def test_a_system_without_jobs_says_so() -> None:
    with anyio.fail_after(30):
        async with Sandbox(exposure=NOTHING, isolation=PipedProcess()) as sandbox:
            protection = await sandbox.isolation()
    assert protection.missing["job_object"] == f"{sys.platform} has no job objects"
