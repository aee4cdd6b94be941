"""Looks at every number that a descriptor can have."""

import pytest

SOURCES = {
    "fstat": """
libc.fstat.argtypes = [ctypes.c_int, ctypes.c_void_p]
place = space(256)
result = [number for number in range(1, 4096) if libc.fstat(number, place) == 0]
""",
    "fcntl": "result = [number for number in range(1, 4096) if libc.fcntl(number, 1) >= 0]",
    "poll": """
place = space(struct.pack("ihh", 1, 1, 0))
result = []
for number in range(1, 4096):
    struct.pack_into("ihh", place, 0, number, 1, 0)
    if libc.poll(place, 1, 0) > 0 and not struct.unpack("ihh", place.raw[:8])[2] & 32:
        result.append(number)
""",
    "close": "result = [number for number in range(1, 4096) if libc.close(number) == 0]",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_sweep_over_all_descriptors_finds_nothing(raw, idea):
    assert await raw.value_unless_killed(SOURCES[idea]) in (None, [])
