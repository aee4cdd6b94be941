"""What each worker takes from itself, after all is prepared and before the first byte of a program is read."""

import os
import sys
import threading
from collections.abc import Callable
from types import FrameType

from code_sandbox._lockdown import landlock, seatbelt, seccomp
from code_sandbox._lockdown.kernel import Kernel, thread_count
from code_sandbox._lockdown.layers import DESCRIPTORS, LANDLOCK, SEATBELT, SECCOMP, KernelError, Layers
from code_sandbox._lockdown.namespaces import EMPTY_ROOT
from code_sandbox._lockdown.privileges import refuse_privileges
from code_sandbox._lockdown.resources import at_cpu_limit, bound_descriptors, bound_use, own_size_bytes
from code_sandbox._lockdown.syscalls import machine

LAST_DESCRIPTOR = 0xFFFFFFFF
MANY_DESCRIPTORS = 4096
"""So many are closed one by one where the kernel cannot close them all at once."""


class WorkerLock:
    """The lock of one worker. Made before a fork it serves all that are forked, and binds nobody until `lock`.

    What has to be read or composed is ready then: locking takes a fraction of a millisecond, and no file.
    """

    def __init__(
        self,
        *,
        cpu_seconds: float,
        memory_bytes: int,
        reads: tuple[int, ...] = (0,),
        writes: tuple[int, ...] = (0,),
    ) -> None:
        """Prepares the lock. Nothing that is missing here raises: `lock` writes it down.

        Args:
            cpu_seconds: Processor time from the moment of locking.
            memory_bytes: Address space above that of the process.
            reads: Descriptors of the channel that may be read.
            writes: Descriptors of the channel that may be written.
        """
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        self._descriptors = max(reads + writes) + 1
        self._size_bytes = own_size_bytes()
        self._kernel = Kernel() if sys.platform == "linux" else None
        self._filter = b""
        self._no_filter = f"{sys.platform} has no filter of system calls"
        if self._kernel is not None:
            try:
                self._filter = seccomp.program(machine=machine(), reads=reads, writes=writes)
            except ValueError as exc:
                self._no_filter = str(exc)

    def lock(self, layers: Layers, *, on_cpu_limit: Callable[[FrameType | None], None]) -> Layers:
        """Locks this process in, for good. Nothing that cannot be had raises: it is written down.

        Afterwards the process computes, uses memory up to its bound, reads and writes its channel, looks at the clock,
        sleeps, and ends; at level "strong" it can do nothing else.

        Args:
            layers: What the process has put around itself already, as `lock_process` returned it.
            on_cpu_limit: Called in the main thread when the processor time is used up, and every 0.1 s after that.

        Returns:
            The same record, completed. Its `ready_frame()` is the worker's first word.
        """
        # Each step needs what a later one takes: handlers and limits need calls, rules need descriptors.
        at_cpu_limit(self._cpu_seconds, on_cpu_limit)
        # A late import would fail with a path of this machine in its message.
        sys.meta_path.clear()
        # In an empty root the system cannot be asked, and to find that out takes a while.
        threads = threading.active_count() if EMPTY_ROOT in layers.names else thread_count()
        if self._kernel is not None:
            kernel = self._kernel
            refuse_privileges(layers, kernel)
            layers.attempt(LANDLOCK, lambda: landlock.restrict(kernel, threads=threads))
        elif sys.platform == "darwin":
            layers.attempt(SEATBELT, seatbelt.restrict)
        bound_use(layers, cpu_seconds=self._cpu_seconds, memory_bytes=self._memory_bytes, size_bytes=self._size_bytes)
        self._close_descriptors(layers)
        if self._kernel is None or not self._filter:
            layers.lack(SECCOMP, self._no_filter)
        else:
            kernel = self._kernel
            layers.attempt(SECCOMP, lambda: seccomp.install(kernel, self._filter, threads=threads))
        return layers

    def _close_descriptors(self, layers: Layers) -> None:
        try:
            if self._kernel is None:
                raise KernelError(seccomp.ENOSYS, "close_range")
            self._kernel.call("close_range", self._descriptors, LAST_DESCRIPTOR, 0)
        except (KernelError, ValueError):
            os.closerange(self._descriptors, MANY_DESCRIPTORS)
        if sys.platform == "win32":
            layers.lack(DESCRIPTORS, "Windows does not bound the number of handles")
        else:
            layers.attempt(DESCRIPTORS, lambda: bound_descriptors(self._descriptors))
