"""Chooses how workers are started on this system."""

import os
import sys

from code_sandbox._processes.fresh import FreshProcess
from code_sandbox._processes.piped import PipedProcess
from code_sandbox._processes.zygote import Zygote
from code_sandbox.isolation import Isolation


def default_isolation() -> Isolation:
    """Returns the strongest isolation that this system has."""
    if sys.platform.startswith("linux"):
        return Zygote()
    return FreshProcess() if os.name == "posix" else PipedProcess()
