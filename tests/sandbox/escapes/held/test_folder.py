"""A worker sits in a folder: files that it makes there, or finds, would outlive it."""

import os

import pytest

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="a worker hides this from others than root")


async def test_a_worker_sits_in_an_empty_folder_in_which_nothing_can_be_made(worker):
    assert os.listdir(worker.folder / "cwd") == []
    with pytest.raises(OSError, match=r"No such file|Read-only"):
        (worker.folder / "cwd" / "file").touch()
