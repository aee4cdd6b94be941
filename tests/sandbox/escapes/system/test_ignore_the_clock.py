"""The signals at the limit of processor time must not be ignored, handled or blocked away."""

import pytest

SOURCES = {
    "SIGPROF": "result = str(signal.signal(signal.SIGPROF, signal.SIG_IGN))",
    "SIGXCPU": "result = str(signal.signal(signal.SIGXCPU, signal.SIG_IGN))",
    "SIGSYS": "result = str(signal.signal(signal.SIGSYS, lambda *_: None))",
    "sigaction": 'result = syscall("rt_sigaction", 27, struct.pack("QQQQ", 1, 0, 0, 0), None, 8)',
    "setitimer": "result = signal.setitimer(signal.ITIMER_PROF, 0)",
    "interrupts": "result = signal.siginterrupt(signal.SIGPROF, True)",
    "a descriptor of signals": 'result = syscall("signalfd4", -1, struct.pack("Q", 1 << 26), 8, 0)',
    "wait for it": "result = signal.sigtimedwait([signal.SIGPROF], 0)",
    "alarm": "result = signal.alarm(100)",
}
GETS_THROUGH_UNLOCKED = ("SIGPROF", "SIGXCPU", "SIGSYS", "setitimer", "interrupts", "a descriptor of signals", "alarm")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_signal_is_handled_differently(raw, idea):
    await raw.refused(SOURCES[idea])
