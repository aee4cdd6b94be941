"""An inherited descriptor is a file, a socket or a terminal of the host. A worker has the channel and nothing else."""

import os

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a worker hides this from others than root")


async def test_a_worker_has_one_descriptor(worker):
    assert os.listdir(worker.folder / "fd") == ["0"]
    assert os.readlink(worker.folder / "fd" / "0").startswith("socket:")
