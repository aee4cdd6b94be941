"""A worker that dies in the middle of a frame."""

import pytest

SOURCES = {
    "in the length": r"""
os.write(0, b"\0\0")
os._exit(0)
""",
    "in the body": """
os.write(0, (1000).to_bytes(4, "big") + b"{")
os._exit(0)
""",
    "before a word": "os._exit(0)",
    "with another code": "os._exit(3)",
    "by a crash": "ctypes.string_at(8)",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_worker_that_dies_in_a_frame_is_only_a_crash(raw, idea):
    outcome = await raw(SOURCES[idea])
    assert (outcome.status, outcome.failure and outcome.failure.type_name) == ("failed", "WorkerCrashed")
    assert await raw.value("result = 6 * 7") == 42
