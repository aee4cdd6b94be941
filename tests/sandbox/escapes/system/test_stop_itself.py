"""A stopped process uses no time and does not end."""

SOURCE = "result = os.kill(os.getpid(), signal.SIGSTOP)"


async def test_a_worker_does_not_stop_itself(raw):
    await raw.refused(SOURCE)
