"""Calls that wait for a signal that never comes."""

import pytest

SOURCES = {
    "pause": "result = signal.pause()",
    "sigsuspend": 'result = syscall("rt_sigsuspend", struct.pack("Q", 0), 8)',
    "sigtimedwait": "result = signal.sigtimedwait([signal.SIGURG], 0)",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_nobody_waits_for_signals(raw, idea):
    await raw.refused(SOURCES[idea])
