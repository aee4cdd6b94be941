"""Memory and processor time are bounded by the kernel too, whatever becomes of the interpreter."""

from code_sandbox import Limits


async def test_a_worker_is_bounded(worker):
    bounds = worker.limits()
    size = int(worker.status()["VmSize"].split()[0]) * 1024
    # What it gave back since it set the bound is counted too.
    assert 0 < int(bounds["Max address space"]) - size <= Limits().memory_bytes + 4 * 2**20
    assert int(bounds["Max cpu time"]) <= Limits().cpu_seconds + 2
