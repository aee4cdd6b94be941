"""`NameError.name`, `ImportError.path` and `OSError.filename` tell what the runtime looked for, and where."""

import pytest

PROGRAMS = [
    """
try:
    from json import nope_
except ImportError as e:
    e.path
""",
    """
try:
    import os.path
except ImportError as e:
    e.name_from
""",
    """
e = OSError(2, 'x', 'file')
e.filename
""",
    """
e = ImportError('x', name='a', path='b')
e.path
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_closed(attempt, program):
    await attempt.raises("AttributeError", program)
