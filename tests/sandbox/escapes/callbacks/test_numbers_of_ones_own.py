"""`statistics` and `sum` compute with whatever has the operators, and ask it for its ratio."""

PROGRAM = """
import statistics
class N:
    def __init__(self, *values): pass
    def as_integer_ratio(self): return (1, 1)
class S:
    def __radd__(self, other): return 'x'
return [statistics.fmean([1.0]), sum([S()])]
"""


async def test_they_compute_with_the_programs_results(attempt):
    await attempt.returns([1.0, "x"], PROGRAM)


A_RATIO_OF_ANOTHER_KIND_IS = """
import statistics
class N:
    def as_integer_ratio(self): return (client, print)
statistics.mean([N(), N()])
"""


async def test_a_ratio_of_another_kind_is_refused(attempt):
    outcome = await attempt(A_RATIO_OF_ANOTHER_KIND_IS)
    assert outcome.failure.type_name in ("TypeError", "ValueError", "AttributeError")
