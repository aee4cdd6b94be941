"""What a process takes from itself once, before it forks workers or becomes one."""

import os
import signal
import sys

from code_sandbox._lockdown.kernel import PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG, Kernel
from code_sandbox._lockdown.layers import NO_NEW_PRIVILEGES, Layers

PRIVATE_MEMORY = "private_memory"


def follow_parent(parent_id: int) -> None:
    """Makes the process end when the one that started it ends (Linux).

    A fork does not inherit it, and a change of user takes it away.

    Args:
        parent_id: The parent, as this process numbers it. If that is not the parent any more, this process ends now.
    """
    if sys.platform != "linux":
        return
    Kernel().prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_id:
        # It died before the kernel knew whom to follow.
        os._exit(0)


def give_up_privileges(layers: Layers, kernel: Kernel | None) -> None:
    """Gives up new privileges for good, and hides the process's memory from others of its user (Linux)."""
    if kernel is None:
        layers.lack(NO_NEW_PRIVILEGES, f"{sys.platform} has no such promise")
        return
    layers.attempt(NO_NEW_PRIVILEGES, lambda: _set(kernel, PR_SET_NO_NEW_PRIVS, 1))
    layers.attempt(PRIVATE_MEMORY, lambda: _set(kernel, PR_SET_DUMPABLE, 0))


def _set(kernel: Kernel, option: int, value: int) -> None:
    kernel.prctl(option, value)
