"""Another program instead of this one, without the layers that the interpreter keeps."""

import pytest

SOURCES = {
    "execv": 'os.execv("/bin/true", ["true"])',
    "execve": 'result = syscall("execve", b"/bin/true", None, None)',
    "execveat": 'result = syscall("execveat", -100, b"/bin/true", None, None, 0)',
    "the channel as a program": 'result = syscall("execveat", 0, b"", None, None, 0x1000)',
    "itself": "os.execv(sys.executable, [sys.executable])",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_program_is_executed(raw, idea):
    await raw.refused(SOURCES[idea])
