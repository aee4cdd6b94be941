"""Forbids files, connections, and signals to others, by the kernel's access rules for one process (Linux 5.13)."""

import struct
from collections.abc import Callable

from code_sandbox._lockdown.kernel import Kernel

CREATE_RULESET_VERSION = 1
LOG_SAME_EXEC_OFF = 1
ALL_THREADS = 8

FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many kinds of access to files each version knows. To handle a kind without a rule is to forbid it."""
NETWORK_RIGHTS = {4: 2}
"""To listen, and to connect (TCP)."""
SCOPES = {6: 2}
"""Abstract sockets, and signals: only to those in the same domain, which is this process."""
LOG_VERSION = 7
ALL_THREADS_VERSION = 8


def ruleset(version: int) -> bytes:
    """Returns the rules that forbid all a version of the kernel's interface can forbid."""
    handled = [_all_bits(kinds, version) for kinds in (FILE_RIGHTS, NETWORK_RIGHTS, SCOPES)]
    while not handled[-1]:
        handled.pop()
    return struct.pack(f"={len(handled)}Q", *handled)


def flags(version: int) -> int:
    """Returns how the rules are put on: for all threads where the kernel can, and without a line in its log per try."""
    quiet = LOG_SAME_EXEC_OFF if version >= LOG_VERSION else 0
    return quiet | (ALL_THREADS if version >= ALL_THREADS_VERSION else 0)


class Rules:
    """Rules that forbid everything that the kernel can forbid. Made before a fork they serve all that are forked."""

    def __init__(self, kernel: Kernel) -> None:
        """Makes them. They take one descriptor, and bind nobody yet.

        Raises:
            KernelError: The kernel does not have it, or something around this process forbids it.
            ValueError: The machine is not known.
        """
        self._version = kernel.call("landlock_create_ruleset", None, 0, CREATE_RULESET_VERSION)
        rules = ruleset(self._version)
        descriptor = kernel.call("landlock_create_ruleset", rules, len(rules), 0)
        self._restrict = kernel.ready_call("landlock_restrict_self", descriptor, flags(self._version))

    def ready(self, *, threads: int) -> Callable[[], object]:
        """Returns what puts them on a process, for good. New privileges must have been given up by then.

        Args:
            threads: How many the process has.

        Raises:
            ValueError: There are threads that the rules would not bind.
        """
        if threads > 1 and self._version < ALL_THREADS_VERSION:
            raise ValueError(f"version {self._version} binds one thread, and this process has {threads}")
        return self._restrict


def _all_bits(kinds: dict[int, int], version: int) -> int:
    count = max((bits for since, bits in kinds.items() if since <= version), default=0)
    return (1 << count) - 1
