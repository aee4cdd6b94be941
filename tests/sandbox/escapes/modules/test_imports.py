"""Modules that lead to the system, however they are written."""

import pytest

PROGRAMS = [
    "import os",
    """
import sys
sys._getframe()
""",
    "import os.path",
    """
def f():
    import os
f()
""",
    "import subprocess",
    "import ctypes",
    "import socket",
    "import importlib",
    "import inspect",
    "import gc",
    "import types",
    "import builtins_",
    "import code_sandbox",
    "import RestrictedPython",
    "from operator_ import attrgetter",
    "import posix",
    "import _io",
    "import marshal",
    "import pickle",
    "import copy",
    "import weakref",
    "import threading",
    "import signal",
    "import resource",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_not_there(attempt, program):
    await attempt.raises("ModuleNotFoundError", program)
