"""vfork is a system call of its own on some machines."""

SOURCE = 'result = syscall("vfork")'


async def test_no_process_is_forked_by_vfork(raw):
    await raw.refused(SOURCE)
