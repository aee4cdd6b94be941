"""Devices that are the memory, the disks or the log of the machine."""

import pytest

SOURCES = {
    "/dev/mem": 'result = os.open("/dev/mem", os.O_RDONLY)',
    "/dev/kmem": 'result = os.open("/dev/kmem", os.O_RDONLY)',
    "/proc/kcore": 'result = os.open("/proc/kcore", os.O_RDONLY)',
    "/dev/kmsg": 'result = os.open("/dev/kmsg", os.O_RDONLY)',
    "/dev/sda": 'result = os.open("/dev/sda", os.O_RDONLY)',
    "/dev/vda": 'result = os.open("/dev/vda", os.O_RDONLY)',
    "/dev/port": 'result = os.open("/dev/port", os.O_RDONLY)',
    "/dev/zero": 'result = os.open("/dev/zero", os.O_RDWR)',
    "/dev/tty": 'result = os.open("/dev/tty", os.O_RDWR)',
    "/dev/null": 'result = os.open("/dev/null", os.O_RDWR)',
    "/sys": 'result = open("/sys/kernel/mm/transparent_hugepage/enabled").read()',
    "a setting of the kernel": 'result = open("/proc/sys/kernel/hostname").read()',
}
GETS_THROUGH_UNLOCKED = ("/dev/zero", "/dev/null", "a setting of the kernel")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_device_can_be_opened(raw, idea):
    await raw.refused(SOURCES[idea])
