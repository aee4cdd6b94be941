"""`list[int]` passes attributes on to `list`, and lies about its class in some versions."""

import pytest

PROGRAMS = [
    "list[int].append",
    "getattr(list[int], '__origin__')",
    "list[int].mro()",
    "getattr(int | str, '__args__')",
    "dict[str, int].fromkeys",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_shows_nothing(attempt, program):
    await attempt.raises("AttributeError", program)
