"""The list of system calls that a worker may make; any other ends it (Linux).

What is allowed, and why:

- **channel**: `read` and `write` on its own descriptors. Not `recvfrom` and `sendto`: their flags reach parts of the
  kernel's sockets that have been broken into from sandboxes before, and a channel of bytes needs none of them.
- **memory**: private anonymous pages that are never executable. `madvise` gives pages back and does nothing else:
  some of its advice damages the machine's memory when a privileged process asks.
- **time**: the clocks of the machine and of this process, not those of others (negative numbers name processes).
- **waiting**: `poll` and `futex`, of that one the operations of plain locks.
- **life**: signals that have arrived are handled and left, the process ends itself and knows its number.
- **probes**: calls that the C library and the interpreter make in passing and can do without, such as looking for a
  source file to show a line of it, counting processors when the memory is used up, or setting a handler while
  aborting. They fail, and the process lives. `rt_sigaction` among them: signals cannot be ignored.

`tgkill` is not among them: a process that aborts dies of the call instead of its signal.
"""

import ctypes

from code_sandbox._lockdown.bpf import ERRNO, Below, Bits, Check, OneOf, Rule, compose, pack
from code_sandbox._lockdown.kernel import PR_SET_SECCOMP, Kernel
from code_sandbox._lockdown.layers import KernelError
from code_sandbox._lockdown.syscalls import TABLES

EPERM = 1
EINVAL = 22
ENOSYS = 38

SET_MODE_FILTER = 1
MODE_FILTER = 2
ALL_THREADS = 1

PROT_READ_WRITE = 0x3
MAP_PRIVATE_ANONYMOUS = 0x22
MAP_HARMLESS = MAP_PRIVATE_ANONYMOUS | 0x10 | 0x4000 | 0x20000 | 0x100000
"""MAP_FIXED, MAP_NORESERVE, MAP_STACK and MAP_FIXED_NOREPLACE; above all no locked and no huge pages."""
MREMAP_MAYMOVE = 1
MADV_DONTNEED = 4
MADV_FREE = 8
CLOCKS = 12
"""From CLOCK_REALTIME to CLOCK_TAI."""
CLOCK_REALTIME_AND_MONOTONIC = (0, 1)
FUTEX_WAIT_WAKE = tuple(
    operation | flags
    for operation in (0, 1, 9, 10)  # WAIT, WAKE and both with a bit set
    for flags in (0, 128, 256, 384)  # private to this process, real time
)

PROBES = """
open openat stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd fcntl ioctl lseek
close rt_sigaction prctl uname sysinfo getrusage times sched_getaffinity getrlimit prlimit64
"""


def rules(*, reads: tuple[int, ...], writes: tuple[int, ...]) -> list[Rule]:
    """Returns the list, for a channel on these descriptors."""
    prot: Check = Bits(argument=2, allowed=PROT_READ_WRITE)
    anonymous: Check = Bits(argument=3, allowed=MAP_HARMLESS, required=MAP_PRIVATE_ANONYMOUS)
    refuse = ERRNO | EPERM
    return [
        Rule(calls=("read",), checks=(OneOf(argument=0, values=reads),), otherwise=refuse),
        # Text for a standard error that is not there must not kill.
        Rule(calls=("write",), checks=(OneOf(argument=0, values=writes),), otherwise=refuse),
        Rule(calls=("poll", "ppoll", "munmap", "brk", "getpid", "gettid", "rt_sigreturn")),
        Rule(calls=("mmap",), checks=(prot, anonymous)),
        Rule(calls=("mprotect",), checks=(prot,)),
        Rule(calls=("mremap",), checks=(Bits(argument=3, allowed=MREMAP_MAYMOVE),)),
        Rule(calls=("madvise",), checks=(OneOf(argument=2, values=(MADV_DONTNEED, MADV_FREE)),), otherwise=refuse),
        Rule(calls=("futex",), checks=(OneOf(argument=1, values=FUTEX_WAIT_WAKE),)),
        Rule(calls=("clock_gettime", "clock_getres"), checks=(Below(argument=0, bound=CLOCKS),), otherwise=refuse),
        Rule(
            calls=("clock_nanosleep",),
            checks=(OneOf(argument=0, values=CLOCK_REALTIME_AND_MONOTONIC),),
            otherwise=refuse,
        ),
        Rule(calls=("nanosleep", "gettimeofday", "time", "getrandom", "sched_yield", "restart_syscall")),
        Rule(calls=("rt_sigprocmask", "sigaltstack", "exit", "exit_group")),
        Rule(calls=tuple(PROBES.split()), then=refuse),
    ]


def program(*, machine: str, reads: tuple[int, ...] = (0,), writes: tuple[int, ...] = (0,)) -> bytes:
    """Returns the filter for a machine as the kernel reads it."""
    return pack(compose(rules(reads=reads, writes=writes), machine=machine, numbers=TABLES[machine]))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


class Filter:
    """A filter where the kernel can read it. Made before a fork it serves all that are forked."""

    def __init__(self, kernel: Kernel, code: bytes) -> None:
        """Takes the filter, and binds nobody yet.

        Raises:
            ValueError: The machine is not known.
        """
        self._buffer = ctypes.create_string_buffer(code, len(code))
        self._head = _Program(len(code) // 8, ctypes.addressof(self._buffer))
        address = ctypes.addressof(self._head)
        self._install = kernel.ready_call("seccomp", SET_MODE_FILTER, ALL_THREADS, address)
        self._install_on_one = kernel.ready_prctl(PR_SET_SECCOMP, MODE_FILTER, address)

    def install(self, *, threads: int) -> None:
        """Puts it on every thread of this process, for good. New privileges must have been given up.

        Args:
            threads: How many this process has.

        Raises:
            KernelError: The kernel has no filters, or something around this process forbids them.
        """
        try:
            other = self._install()
        except KernelError as exc:
            # The older way in binds the thread that asks. With others beside it that is no layer.
            if threads > 1:
                raise
            try:
                self._install_on_one()
            except KernelError as older:
                raise exc from older
            return
        if other > 0:
            raise KernelError(EINVAL, f"seccomp (thread {other} has a filter of its own)")
