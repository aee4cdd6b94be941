"""A descriptor can be told to send signals to somebody when data arrives."""

import pytest

SOURCES = {
    "F_SETOWN": "result = fcntl.fcntl(0, fcntl.F_SETOWN, @HOST_PID@)",
    "F_SETSIG": "result = fcntl.fcntl(0, 10, 9)",
    "O_ASYNC": "result = fcntl.fcntl(0, fcntl.F_SETFL, os.O_ASYNC)",
    "FIOSETOWN": 'result = fcntl.ioctl(0, 0x8901, struct.pack("i", @HOST_PID@))',
    "FIOASYNC": 'result = fcntl.ioctl(0, 0x5452, struct.pack("i", 1))',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_channel_sends_no_signals(raw, idea):
    await raw.refused(SOURCES[idea])
