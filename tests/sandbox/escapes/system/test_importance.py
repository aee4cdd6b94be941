"""A worker must not make itself more important than others, or pick its processor."""

import pytest

SOURCES = {
    "nice": "result = os.nice(-5)",
    "less nice": "result = os.nice(1)",
    "setpriority": "result = os.setpriority(os.PRIO_PROCESS, 0, -5)",
    "of the host": "result = os.setpriority(os.PRIO_PROCESS, @HOST_PID@, 19)",
    "real time": "result = os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))",
    "deadline": 'result = syscall("sched_setattr", 0, space(48), 0)',
    "a processor": "result = os.sched_setaffinity(0, {0})",
    "a processor for the host": "result = os.sched_setaffinity(@HOST_PID@, {0})",
    "the disk": 'result = syscall("ioprio_set", 1, 0, 0x2000)',
    "which processors": "result = sorted(os.sched_getaffinity(0))",
    "cpu counters": 'result = syscall("rseq", None, 0, 0, 0)',
}
GETS_THROUGH_UNLOCKED = ("less nice", "a processor", "which processors")


@pytest.mark.parametrize("idea", SOURCES)
async def test_importance_is_not_changed(raw, idea):
    await raw.refused(SOURCES[idea])
