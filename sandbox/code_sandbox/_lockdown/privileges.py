"""Rights that a process gives up for good (Linux)."""

import ctypes
import os
import struct

from code_sandbox._lockdown.kernel import (
    PR_CAP_AMBIENT,
    PR_CAP_AMBIENT_CLEAR_ALL,
    PR_SET_DUMPABLE,
    PR_SET_NO_NEW_PRIVS,
    Kernel,
)
from code_sandbox._lockdown.layers import NO_NEW_PRIVILEGES, Layers

PRIVATE_MEMORY = "private_memory"
OTHER_USER = "other_user"
NO_CAPABILITIES = "no_capabilities"

NOBODY = 65534
CAPABILITY_VERSION = 0x20080522
CAP_KILL = 5
CAP_SETGID = 6
CAP_SETUID = 7
NEEDED = {CAP_KILL: "CAP_KILL", CAP_SETGID: "CAP_SETGID", CAP_SETUID: "CAP_SETUID"}


def drop_user(layers: Layers, kernel: Kernel) -> None:
    """Becomes a user that owns nothing, if the process may."""
    if os.geteuid() != 0:
        layers.lack(OTHER_USER, "the worker runs as the user of its host: only root can change that")
        return
    layers.attempt(OTHER_USER, lambda: _become_nobody(kernel))


def drop_capabilities(layers: Layers, kernel: Kernel) -> None:
    """Gives up what root and the owner of a namespace may do."""
    layers.attempt(NO_CAPABILITIES, lambda: _clear(kernel))


def refuse_privileges(layers: Layers, kernel: Kernel) -> None:
    """Refuses all new privileges, and hides the process's memory from others of its user. A fork inherits both."""
    if {NO_NEW_PRIVILEGES, PRIVATE_MEMORY}.issubset(layers.names):
        return
    layers.attempt(NO_NEW_PRIVILEGES, lambda: _set(kernel, PR_SET_NO_NEW_PRIVS, 1))
    layers.attempt(PRIVATE_MEMORY, lambda: _set(kernel, PR_SET_DUMPABLE, 0))


def _become_nobody(kernel: Kernel) -> None:
    rights = _effective(kernel)
    lacking = [name for bit, name in NEEDED.items() if not rights >> bit & 1]
    if lacking:
        # Without the right to signal others, a host could not end a worker of another user.
        raise ValueError(f"root has no {' and no '.join(lacking)} here")
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def _effective(kernel: Kernel) -> int:
    """Returns the lower half of the process's capabilities."""
    data = ctypes.create_string_buffer(24)
    kernel.call("capget", struct.pack("=Ii", CAPABILITY_VERSION, 0), data)
    return int.from_bytes(data.raw[:4], "little")


def _clear(kernel: Kernel) -> None:
    kernel.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    kernel.call("capset", struct.pack("=Ii", CAPABILITY_VERSION, 0), bytes(24))


def _set(kernel: Kernel, option: int, value: int) -> None:
    kernel.prctl(option, value)
