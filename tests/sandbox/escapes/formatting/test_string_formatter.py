"""`string.Formatter` has methods that read attributes for a subclass or for anybody (CVE-2026-76825); the delegator
leads to the real module (CVE-2024-47532).
"""

import pytest

PROGRAMS = [
    """
import string
string.Formatter().format('{0.__class__}', 1)
""",
    """
import string
string.Formatter
""",
    """
import string
string._string
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_is_no_formatter(attempt, program):
    await attempt.raises("AttributeError", program)


NOR_CAN_IT_BE_IMPORTED = [
    "from string import Formatter",
    "from string import Template",
]


@pytest.mark.parametrize("program", NOR_CAN_IT_BE_IMPORTED)
async def test_nor_can_it_be_imported(attempt, program):
    await attempt.raises("ImportError", program)
