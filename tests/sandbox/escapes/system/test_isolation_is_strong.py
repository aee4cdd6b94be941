"""What the workers say about the layers around them, on a machine that has them all."""

import platform
import sys

import pytest

from code_sandbox import Sandbox

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="there is no filter here"
)


def skip_if_missing(protection, layer):
    """Skips where the kernel, or what is around this process, lacks a layer; prints its reason."""
    if layer in protection.missing:
        pytest.skip(f"{layer}: {protection.missing[layer]}")


async def test_a_released_worker_is_locked_in_strongly(exposure):
    async with Sandbox(exposure=exposure) as sandbox:
        protection = await sandbox.isolation()
    skip_if_missing(protection, "seccomp")
    assert protection.level == "strong", protection
    assert "no file" in protection.promise


async def test_a_raw_worker_is_locked_in_as_a_released_one(exposure, protection):
    async with Sandbox(exposure=exposure) as sandbox:
        assert await sandbox.isolation() == protection


async def test_what_is_missing_has_a_reason(protection):
    assert all(protection.missing.values())
    assert not set(protection.layers) & set(protection.missing)
