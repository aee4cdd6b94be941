"""-1 and 0 mean everybody, and everybody in the group."""

import pytest

SOURCES = {
    "everybody": "result = os.kill(-1, signal.SIGURG)",
    "the group": "result = os.kill(0, signal.SIGURG)",
    "the host's group": "result = os.killpg(@HOST_PID@, signal.SIGURG)",
    "itself": "result = os.kill(os.getpid(), signal.SIGURG)",
    "raise": "result = signal.raise_signal(signal.SIGURG)",
    "pidfd_send_signal": 'result = syscall("pidfd_send_signal", 0, 23, None, 0)',
}
GETS_THROUGH_UNLOCKED = ("the group", "itself", "raise")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_signal_reaches_a_crowd(raw, idea):
    await raw.refused(SOURCES[idea])
