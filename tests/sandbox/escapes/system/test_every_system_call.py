"""Tries all numbers that a system call can have, not only those that somebody thought of."""

import platform

import anyio
import pytest

ANSWERED = (
    "brk",
    "exit",
    "exit_group",
    "getpid",
    "getrandom",
    "gettid",
    "gettimeofday",
    "munmap",
    "nanosleep",
    "poll",
    "ppoll",
    "restart_syscall",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sched_yield",
    "sigaltstack",
    "time",
)
"""What a worker cannot live without, whatever its arguments are. All else is refused with the arguments used here."""
PAST_EVERY_FILTER = {"x86_64": {335, 336}}
"""uretprobe and uprobe: the kernel never shows them to a filter, and lets them do nothing but from its own code."""

SOURCE = "result = syscall(@NUMBER@, -1, -1, -1, -1, -1, -1)"
LAST = 600
"""Above the youngest call of any kernel that there is."""
AT_ONCE = 8


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="its numbers are not known here")
async def test_no_system_call_is_answered_but_the_few_that_are_needed(raw, numbers):
    answered = {numbers[name] for name in ANSWERED if name in numbers} | PAST_EVERY_FILTER.get(
        platform.machine(), set()
    )
    allowed, slots = [], anyio.CapacityLimiter(AT_ONCE)

    async def attempt(number):
        async with slots:
            if not await raw.is_refused(SOURCE.replace("@NUMBER@", str(number))):
                allowed.append(number)

    async with anyio.create_task_group() as group:
        for number in range(LAST):
            if number not in answered:
                group.start_soon(attempt, number)
    assert sorted(allowed) == []
    assert await raw.value("result = 6 * 7") == 42


@pytest.mark.parametrize("number", sorted(PAST_EVERY_FILTER.get(platform.machine(), ())))
async def test_what_no_filter_sees_does_nothing(raw, number):
    outcome = await raw(SOURCE.replace("@NUMBER@", str(number)))
    assert outcome.status == "failed"
    assert await raw.value("result = 6 * 7") == 42
