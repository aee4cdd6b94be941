"""The C stack ends in a crash, which must not be more than that. From 3.12 on the interpreter counts there itself."""

SOURCE = """
sys.setrecursionlimit(10**9)
nested = None
for _ in range(2 * 10**5):
    nested = [nested]
result = len(repr(nested))
"""
MAY_BE_WRITTEN_IN_THE_LANGUAGE = True


async def test_a_crash_by_recursion_is_only_a_crash(raw):
    outcome = await raw(SOURCE)
    assert outcome.failure is not None
    assert outcome.failure.type_name in ("WorkerCrashed", "LimitReached", "MemoryError", "RecursionError")
    assert await raw.value("result = 6 * 7") == 42
