"""Data is not executable even if one simply jumps there."""

SOURCE = r"""
place = space(b"\xc3" * 64)
result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(place))()
"""


async def test_a_jump_into_data_crashes(raw):
    outcome = await raw(SOURCE)
    assert outcome.failure is not None
    assert outcome.failure.type_name == "WorkerCrashed"
    assert await raw.value("result = 6 * 7") == 42
