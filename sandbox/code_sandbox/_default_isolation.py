"""Chooses how workers are started on this system."""

import os

from code_sandbox._fresh_process import FreshProcess
from code_sandbox._piped_process import PipedProcess
from code_sandbox.isolation import Isolation


def default_isolation() -> Isolation:
    """Returns the strongest isolation that this system has."""
    return FreshProcess() if os.name == "posix" else PipedProcess()
