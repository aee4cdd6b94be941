"""A value that is small in memory and enormous as JSON."""

import pytest

PROGRAMS = [
    "return 'x' * 20000",
    """
x = ['a'] * 10
for _ in range(8): x = [x] * 10
return x
""",
    "return range(10 ** 9)",
    "return (x for x in iter(int, 1))",
    "return {str(n): n for n in range(2000)}",
    r"return ['\x00' * 2000]",
    """
class K:
    def __repr__(self): return 'x' * 10 ** 6
return K()
""",
    "return b'x' * 10 ** 6",
    """
import itertools
return zip(itertools.count(), itertools.count())
""",
    """
await client.books.create(title='a')
return [{}] * 5000
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_limit_of_results_ends_it(attempt, program):
    await attempt.stopped("result_bytes", program, result_bytes=10000)
