"""A tracee's tracer gets its signals: the killing ones too."""

SOURCE = 'result = syscall("ptrace", 0, 0, 0, 0)'


async def test_a_worker_lets_nobody_trace_it(raw):
    await raw.refused(SOURCE)
