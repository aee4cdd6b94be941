"""What each worker takes from itself, after all is prepared and before the first byte of a program is read."""

import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

from code_sandbox._lockdown import landlock, seatbelt, seccomp
from code_sandbox._lockdown.kernel import Kernel, thread_count
from code_sandbox._lockdown.layers import (
    DESCRIPTORS,
    LANDLOCK,
    SEATBELT,
    SECCOMP,
    KernelError,
    Layers,
    Step,
    carry_out,
    reason,
)
from code_sandbox._lockdown.namespaces import EMPTY_ROOT
from code_sandbox._lockdown.privileges import refuse_privileges
from code_sandbox._lockdown.resources import (
    at_cpu_limit,
    bound_use,
    own_bounds,
    own_size_bytes,
    ready_bound,
    used_cpu_seconds,
)
from code_sandbox._lockdown.syscalls import machine

LAST_DESCRIPTOR = 0xFFFFFFFF
MANY_DESCRIPTORS = 4096
"""So many are closed one by one where the kernel cannot close them all at once."""


class WorkerLock:
    """The lock of one worker. Made before a fork it serves all that are forked, and binds nobody until `lock`.

    What has to be read or composed is ready then: locking takes a fraction of a millisecond, no file, and few pages of
    memory.
    """

    def __init__(
        self,
        *,
        cpu_seconds: float,
        memory_bytes: int,
        on_cpu_limit: Callable[[FrameType | None], None],
        reads: tuple[int, ...] = (0,),
        writes: tuple[int, ...] = (0,),
    ) -> None:
        """Prepares the lock. Nothing that is missing here raises: `lock` writes it down.

        Args:
            cpu_seconds: Processor time from the moment of locking.
            memory_bytes: Address space above that of the process.
            on_cpu_limit: Called in the main thread when the processor time is used up, and every 0.1 s after that.
            reads: Descriptors of the channel that may be read.
            writes: Descriptors of the channel that may be written.
        """
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        self._descriptors = max(reads + writes) + 1
        self._size_bytes = own_size_bytes()
        self._kernel = Kernel() if sys.platform == "linux" else None
        self._rules: landlock.Rules | None = None
        self._filter: seccomp.Filter | None = None
        self._close: Callable[[], object] = partial(os.closerange, self._descriptors, MANY_DESCRIPTORS)
        self._lacks: dict[str, str] = {}
        """Layer by layer, why it could not be prepared."""
        self._steps: list[Step] | None = None
        at_cpu_limit(on_cpu_limit)
        if self._kernel is not None:
            self._prepare(self._kernel, reads, writes)
        else:
            self._lacks[SECCOMP] = f"{sys.platform} has no filter of system calls"

    def _prepare(self, kernel: Kernel, reads: tuple[int, ...], writes: tuple[int, ...]) -> None:
        try:
            self._rules = landlock.Rules(kernel)
        except OSError as exc:
            self._lacks[LANDLOCK] = reason(exc)
        except ValueError as exc:
            self._lacks[LANDLOCK] = str(exc)
        try:
            self._filter = seccomp.Filter(kernel, seccomp.program(machine=machine(), reads=reads, writes=writes))
            self._close = kernel.ready_call("close_range", self._descriptors, LAST_DESCRIPTOR, 0)
        except ValueError as exc:
            self._lacks[SECCOMP] = str(exc)

    def prepare(self, layers: Layers, *, forks: bool = False) -> None:
        """Does what forks inherit, and makes ready the rest: `lock` touches little memory then.

        Args:
            layers: What the process has put around itself already, as `lock_process` returned it. What is made ready
                is written down as if it were in force.
            forks: Whether it is forks of this process that will be locked, and not itself.
        """
        # A late import would fail with a path of this machine in its message.
        sys.meta_path.clear()
        # In an empty root the system cannot be asked.
        is_blind = EMPTY_ROOT in layers.names
        threads = 1 if forks else threading.active_count() if is_blind else thread_count()
        size_bytes = self._size_bytes if is_blind else own_size_bytes() or self._size_bytes
        layers.missing.update(self._lacks)
        if self._kernel is not None:
            refuse_privileges(layers, self._kernel)
        bound_use(layers, memory_bytes=self._memory_bytes, size_bytes=size_bytes)
        used_seconds = 0.0 if forks else used_cpu_seconds()
        # Each step needs what a later one takes: limits need calls, rules need descriptors.
        steps = []
        if sys.platform == "darwin":
            steps.append(_written(layers, SEATBELT, seatbelt.restrict))
        if self._rules is not None:
            try:
                steps.append(_written(layers, LANDLOCK, self._rules.ready(threads=threads)))
            except ValueError as exc:
                layers.lack(LANDLOCK, str(exc))
        steps += own_bounds(layers, cpu_seconds=self._cpu_seconds, used_seconds=used_seconds)
        steps.append((DESCRIPTORS, self._close_descriptors))
        if sys.platform == "win32":
            layers.lack(DESCRIPTORS, "Windows does not bound the number of handles")
        else:
            steps.append(_written(layers, DESCRIPTORS, ready_bound("NOFILE", self._descriptors)))
        if self._filter is not None:
            steps.append(_written(layers, SECCOMP, partial(self._filter.install, threads=threads)))
        self._steps = steps

    def lock(self, layers: Layers) -> bool:
        """Locks this process in, for good. Nothing that cannot be had raises: it is written down.

        Afterwards the process computes, uses memory up to its bound, reads and writes its channel, looks at the clock,
        sleeps, and ends; at level "strong" it can do nothing else.

        Args:
            layers: The record that `prepare` has completed, here or before a fork; or what `lock_process` returned, if
                nothing was prepared. Its `ready_frame()` is the worker's first word.

        Returns:
            Whether all is in force that was made ready: the record is as `prepare` left it then.
        """
        if self._steps is None:
            self.prepare(layers)
        assert self._steps is not None
        return carry_out(self._steps, layers)

    def _close_descriptors(self) -> None:
        try:
            self._close()
        except KernelError:
            os.closerange(self._descriptors, MANY_DESCRIPTORS)


def _written(layers: Layers, layer: str, act: Callable[[], object]) -> Step:
    """Returns the step to a layer, which is written down as in force."""
    layers.add(layer)
    return layer, act
