"""`__exit__` and `__aexit__` get the traceback itself."""

import pytest

PROGRAMS = [
    """
class K:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): getattr(trace, 'tb_frame')
with K():
    1 / 0
""",
    """
class K:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): getattr(trace, 'tb_next')
with K():
    1 / 0
""",
    """
class K:
    async def __aenter__(self): return self
    async def __aexit__(self, kind, error, trace): getattr(trace, 'tb_lineno')
async with K():
    1 / 0
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_shows_nothing(attempt, program):
    await attempt.raises("AttributeError", program)


PROGRAM = """
class K:
    def __enter__(self): return self
    def __exit__(self, kind, error, trace): '{0.tb_frame}'.format(trace)
with K():
    1 / 0
"""


async def test_it_formats_to_nothing(attempt):
    await attempt.raises("AttributeError", PROGRAM)
