"""Calls that only an administrator may use: the worker of an administrator may not either."""

import pytest

SOURCES = {
    "quotas": 'result = syscall("quotactl", 0, None, 0, None)',
    "swap": 'result = syscall("swapon", b"@FILE@", 0)',
    "no swap": 'result = syscall("swapoff", b"@FOLDER@/nothing")',
    "reboot": 'result = syscall("reboot", 0, 0, 0, None)',
    "the clock": 'result = syscall("settimeofday", struct.pack("qq", -1, -1), None)',
    "another clock": 'result = syscall("clock_settime", 99, struct.pack("qq", 0, 0))',
    "adjust the clock": 'result = syscall("adjtimex", space(208))',
    "tune the clock": 'result = syscall("clock_adjtime", 0, space(208))',
    "the name": 'result = syscall("sethostname", b"", -1)',
    "the domain": 'result = syscall("setdomainname", b"", -1)',
    "ports": 'result = syscall("iopl", 0)',
    "some ports": 'result = syscall("ioperm", 0, 1, 0)',
    "the log": 'result = syscall("syslog", 10, None, 0)',
    "accounting": 'result = syscall("acct", b"@FOLDER@/nothing")',
    "hang up": 'result = syscall("lookup_dcookie", 0, None, 0)',
    "write everything": 'result = syscall("sync")',
    "about the machine": 'result = syscall("sysinfo", space(128))',
    "its name": "result = list(os.uname())",
    "caches": 'result = syscall("cachestat", 0, None, None, 0)',
}
GETS_THROUGH_UNLOCKED = ("about the machine", "its name")


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_machine_is_not_administered(raw, idea):
    await raw.refused(SOURCES[idea])
