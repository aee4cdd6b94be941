"""Time zones are files: reading one would open it by a name of the program's choice."""

import pytest

PROGRAMS = [
    "from datetime import tzinfo",
    "from time import tzset",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_are_none(attempt, program):
    await attempt.raises("ImportError", program)


PROGRAM = """
import zoneinfo
zoneinfo.ZoneInfo('../../@FILE@')
"""


async def test_there_is_no_module_of_zones(attempt):
    await attempt.raises("ModuleNotFoundError", PROGRAM)


LOCAL_TIME_IS_WITHOUT_A_FILE = """
import time
return time.localtime(0).tm_year in (1969, 1970)
"""


async def test_local_time_is_without_a_file(attempt):
    await attempt.returns(True, LOCAL_TIME_IS_WITHOUT_A_FILE)
