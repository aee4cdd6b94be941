"""The usual ways to start a program."""

import pytest

SOURCES = {
    "subprocess": 'result = subprocess.run(["/bin/true"], check=True).returncode',
    "a shell": """
result = os.system("true")
if result:
    raise OSError(errno.EPERM, "EPERM")
""",
    "popen": """
result = os.popen("echo out").read() or exec("raise OSError(errno.EPERM, 'EPERM')")
""",
    "posix_spawn": 'result = os.posix_spawn("/bin/true", ["true"], {})',
    "asyncio": 'result = asyncio.run(asyncio.create_subprocess_exec("/bin/true")).pid',
}
GETS_THROUGH_UNLOCKED = ("subprocess", "a shell", "popen", "posix_spawn")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_program_is_started(raw, idea):
    await raw.refused(SOURCES[idea], also=("EAGAIN", "OSError", "RuntimeError"))
