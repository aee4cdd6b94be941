"""The command line of a worker process."""

import importlib.util
import os
import sys
from pathlib import Path

from code_sandbox._lockdown import seatbelt
from code_sandbox.errors import SandboxError

# The package's own __init__ is the host's side: importing it would cost the worker 60 ms and 10 MB.
# What the library would run at each fork is for processes with threads, and would give each worker 600 kB of its own.
PROGRAM = """
import os, sys, types
os.register_at_fork = lambda **_: None
package = types.ModuleType("code_sandbox")
package.__path__ = [sys.argv[1]]
sys.modules["code_sandbox"] = package
sys.path.append(sys.argv[2])
import importlib
importlib.import_module(sys.argv[5]).main(sys.argv[3], int(sys.argv[4]))
"""


ENTRY = "code_sandbox._worker.main"


def command(*, channel: str, entry: str = ENTRY) -> list[str]:
    """Returns the arguments that start a worker.

    The worker sees neither the environment, nor `site` and what it runs, nor the current folder.

    Args:
        channel: "socket" for one socket on descriptor 0, "pipes" for descriptors 0 and 1.
        entry: The module whose `main` the worker runs.

    Raises:
        SandboxError: RestrictedPython or the interpreter cannot be found.
    """
    found = importlib.util.find_spec("RestrictedPython")
    if found is None or found.origin is None:
        raise SandboxError("RestrictedPython is not installed: install it beside this package")
    if not sys.executable:
        raise SandboxError("sys.executable is empty: a worker needs a Python interpreter to run")
    here = str(Path(__file__).parents[1])
    site = str(Path(found.origin).parents[1])
    flags = ["-I", "-S", "-X", "utf8"]
    # On Windows the one of a virtual environment starts another process, which would be in no job.
    interpreter = getattr(sys, "_base_executable", sys.executable) if sys.platform == "win32" else sys.executable
    whole = [interpreter, *flags, "-c", PROGRAM, here, site, channel, str(os.getpid()), entry]
    if sys.platform == "darwin" and Path(seatbelt.TOOL).exists():
        # The worker is the same process then: the tool becomes the interpreter.
        return seatbelt.confined(whole, readable=(sys.base_prefix, sys.prefix, here, site))
    return whole
