"""io_uring does files and sockets without their system calls."""

import pytest

SOURCES = {
    "io_uring": 'result = syscall("io_uring_setup", 4, space(120))',
    "io_uring_enter": 'result = syscall("io_uring_enter", 0, 1, 0, 0, None, 0)',
    "io_uring_register": 'result = syscall("io_uring_register", -1, 0, None, 0)',
    "aio": 'result = syscall("io_setup", 4, pointer(0))',
    "epoll": 'result = syscall("epoll_create1", 0)',
    "lio_listio": 'result = syscall("io_submit", 0, 0, None)',
}
GETS_THROUGH_UNLOCKED = ("aio", "epoll")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_other_way_of_input_and_output_is_opened(raw, idea):
    await raw.refused(SOURCES[idea])
