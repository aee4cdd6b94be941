"""A program that defines `run` is entered through it: whatever else the name is bound to by then is called as the
program itself could.
"""

PROGRAM = """
def run(client): return 1
def other(*values): return [str(value) for value in (values or (None,))]
class K:
    def __call__(self, *values): return other(*values)
globals_ = 0
for run in (K(),): pass
"""


async def test_what_is_bound_to_it_is_called_without_rights(attempt):
    await attempt.returns(["None"], PROGRAM)
