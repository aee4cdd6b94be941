"""Limits that the worker put on itself must not go up again."""

import pytest

SOURCES = {
    "memory": "result = resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)",
    "processor time": "result = resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY,) * 2)",
    "descriptors": "result = resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))",
    "file size": "result = resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))",
    "dumps": "result = resource.setrlimit(resource.RLIMIT_CORE, (1024, 1024))",
    "prlimit64": 'result = syscall("prlimit64", 0, 9, struct.pack("QQ", 2**64 - 1, 2**64 - 1), None)',
    "the host's": 'result = syscall("prlimit64", @HOST_PID@, 1, struct.pack("QQ", 0, 0), None)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_limit_goes_up(raw, idea):
    await raw.refused(SOURCES[idea], also=("ValueError",))
