"""The kernel's calls that the standard library does not offer (Linux)."""

import ctypes
import os
import threading
from collections.abc import Callable
from functools import partial

from code_sandbox._lockdown.layers import KernelError
from code_sandbox._lockdown.syscalls import TABLES, machine

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_CLEAR_ALL = 4

Argument = int | bytes | ctypes.Array[ctypes.c_char] | None


class Kernel:
    """Calls the kernel through the C library."""

    def __init__(self) -> None:
        self._libc = ctypes.CDLL(None, use_errno=True)

    def prctl(self, option: int, *arguments: int) -> int:
        """Changes or reads something of this process.

        Raises:
            KernelError: The kernel refuses.
        """
        return self.ready_prctl(option, *arguments)()

    def ready_prctl(self, option: int, *arguments: int) -> Callable[[], int]:
        """Returns what makes this call, as `ready_call` does."""
        filled = [ctypes.c_ulong(each) for each in (*arguments, 0, 0, 0, 0)[:4]]
        return partial(_made, "prctl", partial(self._libc.prctl, ctypes.c_int(option), *filled))

    def call(self, name: str, *arguments: Argument) -> int:
        """Makes a system call that `syscalls` lists for this machine. Bytes and buffers are passed by address.

        Raises:
            KernelError: The kernel refuses.
            ValueError: The machine is not known.
        """
        return self.ready_call(name, *arguments)()

    def ready_call(self, name: str, *arguments: Argument) -> Callable[[], int]:
        """Returns what makes a system call. To make it touches little memory, which matters after a fork.

        Raises:
            ValueError: The machine is not known.
        """
        number = TABLES[machine()][name]
        passed = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
        return partial(_made, name, partial(self._libc.syscall, ctypes.c_long(number), *passed))

    def library(self, name: str, *arguments: Argument) -> int:
        """Calls a function of the C library that sets `errno`.

        Raises:
            KernelError: It fails, or the library does not have it.
        """
        passed = [ctypes.c_ulong(each) if isinstance(each, int) else each for each in arguments]
        try:
            function = getattr(self._libc, name)
        except AttributeError as exc:
            raise KernelError(38, name) from exc
        return _made(name, partial(function, *passed))


def thread_count() -> int:
    """Returns how many threads this process has; of those that Python knows, where the system cannot be asked."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return threading.active_count()


def _made(name: str, call: Callable[[], int]) -> int:
    result = call()
    if result == -1:
        raise KernelError(ctypes.get_errno(), name)
    return result
