"""Queues of the kernel outlive their maker."""

import pytest

SOURCES = {
    "msgget": 'result = syscall("msgget", 0x5EC1, 0o1600)',
    "msgsnd": 'result = syscall("msgsnd", 0, space(16), 1, 0o4000)',
    "mq_open": 'result = syscall("mq_open", b"code-sandbox-escape", 0o102, 0o600, None)',
    "mq_unlink": 'result = syscall("mq_unlink", b"code-sandbox-escape")',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_queue_is_made(raw, idea):
    await raw.refused(SOURCES[idea])
