"""A loop in C never looks at signals of the interpreter."""

import pytest

SOURCES = {
    "a power": "result = (10 ** 10 ** 8).bit_length()",
    "a search": 'result = re.match(r"(a*)*b", "a" * 40)',
    "with all signals blocked": """
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    sum(range(10**6))
""",
    "swallowing every error": """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
}
MAY_BE_WRITTEN_IN_THE_LANGUAGE = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_busy_loop_in_c_is_ended_by_the_kernel(raw, idea):
    await raw.stopped("cpu_seconds", SOURCES[idea], cpu_seconds=0.1)
