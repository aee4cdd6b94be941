"""`open` is the shortest way to a file. The name is simply not there."""

import pytest


@pytest.mark.parametrize("program", ["open('@FILE@').read()", "o = open", "[open]", "print(open)"])
async def test_there_is_no_open(attempt, program):
    await attempt.raises("NameError", program)
