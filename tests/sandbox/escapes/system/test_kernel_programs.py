"""Programs in the kernel, and its event counters."""

import pytest

SOURCES = {
    "bpf": 'result = syscall("bpf", 0, struct.pack("IIIII108x", 1, 4, 4, 1, 0), 128)',
    "perf_event_open": 'result = syscall("perf_event_open", struct.pack("IIQ112x", 1, 128, 0), 0, -1, -1, 0)',
    "a module": 'result = syscall("init_module", None, 0, b"")',
    "a module from a file": 'result = syscall("finit_module", -1, b"", 0)',
    "remove a module": 'result = syscall("delete_module", b"escape", 0)',
    "another kernel": 'result = syscall("kexec_load", 0, 0, None, 0x7FFF0000)',
    "another kernel from a file": 'result = syscall("kexec_file_load", -1, -1, 0, None, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_program_gets_into_the_kernel(raw, idea):
    await raw.refused(SOURCES[idea])
