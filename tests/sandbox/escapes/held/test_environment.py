"""The environment of the host holds keys. A worker is started without any."""

import os

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a worker hides this from others than root")


async def test_a_worker_has_no_environment(worker):
    assert (worker.folder / "environ").read_bytes() == b""


async def test_its_command_line_names_no_secret(worker, canaries):
    canaries.look_for((worker.folder / "cmdline").read_bytes().decode())
