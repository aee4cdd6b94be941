"""The memory of a forked process holds what its parent had. A worker must not hold a secret of anybody else."""

import os

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a worker hides this from others than root")


def pages(worker):
    with (worker.folder / "mem").open("rb", buffering=0) as memory:
        for line in (worker.folder / "maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if rights.startswith("r") and "[v" not in line:
                start, end = (int(address, 16) for address in span.split("-"))
                memory.seek(start)
                yield memory.read(end - start)


async def test_a_worker_has_the_secrets_of_nobody_else(worker, canaries):
    found = {place for page in pages(worker) for place, secret in canaries.secrets.items() if secret.encode() in page}
    assert found == {"the neighbour"}
