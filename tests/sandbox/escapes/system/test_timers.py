"""Timers send signals, and each takes memory in the kernel."""

import pytest

SOURCES = {
    "timer_create": 'result = syscall("timer_create", 1, None, pointer(0))',
    "timerfd": 'result = syscall("timerfd_create", 1, 0)',
    "setitimer": "result = signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)",
    "alarm": "result = signal.alarm(1)",
    "a flood": """
for _ in range(10_000):
    syscall("timer_create", 1, None, pointer(0))
result = 1
""",
}
GETS_THROUGH_UNLOCKED = ("timer_create", "timerfd", "alarm")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_timer_is_made(raw, idea):
    await raw.refused(SOURCES[idea])
