"""Real modules hold others: `json.codecs.builtins.open`, `re.enum.sys.modules`. No underscore is involved."""

import pytest

PROGRAMS = [
    """
import json
json.codecs.builtins.open('@FILE@')
""",
    """
import re
re.enum.sys.modules
""",
    """
import random
random._os
""",
    """
import asyncio
asyncio.base_events.os
""",
    """
import statistics
statistics.sys
""",
    """
import collections
collections.abc
""",
    """
import textwrap
textwrap.re
""",
    """
import base64
base64.binascii
""",
    """
import datetime
datetime.sys
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_facade_has_no_modules_in_it(attempt, program):
    await attempt.raises("AttributeError", program)


NOR_CAN_THEY_BE_IMPORTED_FROM = [
    "from json import codecs",
    "from collections import abc",
    "from random import _os",
    "from dataclasses import sys",
    "from asyncio import base_events",
]


@pytest.mark.parametrize("program", NOR_CAN_THEY_BE_IMPORTED_FROM)
async def test_nor_can_they_be_imported_from_it(attempt, program):
    await attempt.raises("ImportError", program)


SUBMODULES_ARE_MODULES = [
    "import urllib.request",
    "from urllib import request",
    "import urllib.parse.sys",
    "import json.decoder",
    "import collections.abc",
    "import asyncio.subprocess",
    "import concurrent.futures",
]


@pytest.mark.parametrize("program", SUBMODULES_ARE_MODULES)
async def test_submodules_are_modules(attempt, program):
    await attempt.raises("ModuleNotFoundError", program)
