"""A process that does not die with its program."""

import os

import anyio
import anyio.lowlevel
import pytest

SOURCES = {
    "exit handlers": """
import atexit
atexit.register(lambda: call(1, title="late"))
os._exit(0)
""",
    "finalizers": """
class Late:
    def __del__(self):
        call(1, title="late")
late = Late()
done()
sys.exit()
""",
    "after done": """
done(1)
while True:
    pass
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_lives_on_after_a_program(raw, raw_watched, idea):
    await raw(SOURCES[idea])
    assert raw.calls == []
    # It is killed with its last word, and nobody waits for that.
    with anyio.fail_after(5):
        while str(raw_watched.last.pid) in os.listdir("/proc"):
            await anyio.lowlevel.checkpoint()
    assert raw.calls == []
