"""`format_map` is `format` with a mapping of one's own (CVE-2023-41039)."""

import pytest

PROGRAMS = [
    "'{x.__init__}'.format_map({'x': 1})",
    "str.format_map('{x.__init__}', {'x': 1})",
    """
class K:
    def __getitem__(self, key): return print
'{x.__self__}'.format_map(K())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_its_fields_go_through_the_guard(attempt, program):
    await attempt.raises("AttributeError", program)
