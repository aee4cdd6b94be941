"""A second descriptor on the channel could be handed on."""

import pytest

SOURCES = {
    "dup": "result = os.dup(0)",
    "dup2": "result = os.dup2(0, 5)",
    "dup3": 'result = syscall("dup3", 0, 5, 0)',
    "F_DUPFD": "result = fcntl.fcntl(0, fcntl.F_DUPFD, 0)",
    "F_DUPFD_CLOEXEC": "result = fcntl.fcntl(0, fcntl.F_DUPFD_CLOEXEC, 3)",
    "a socket object": "result = socket.socket(fileno=0).dup().fileno()",
    "a file object": 'result = open(os.dup(0), "rb").fileno()',
}
GETS_THROUGH_UNLOCKED = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_channel_is_not_copied(raw, idea):
    await raw.refused(SOURCES[idea])
