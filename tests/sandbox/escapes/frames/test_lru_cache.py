"""`functools.lru_cache` copies the attributes and the dictionary of what it wraps to its wrapper."""

import pytest

PROGRAMS = [
    """
import functools
getattr(functools.lru_cache(abs), '__wrapped__')
""",
    """
import functools
class K:
    def __init__(self): self.cache_x = 1
    def __call__(self): pass
functools.cache(K()).cache_x
""",
    """
import functools
getattr(functools.cache(print), '__dict__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_wrapper_shows_its_own_methods_only(attempt, program):
    await attempt.raises("AttributeError", program)
