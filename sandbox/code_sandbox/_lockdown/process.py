"""What a process takes from itself once, before it forks workers or becomes one."""

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from code_sandbox._lockdown.kernel import PR_SET_PDEATHSIG, Kernel, thread_count
from code_sandbox._lockdown.layers import Layers
from code_sandbox._lockdown.namespaces import NAMESPACES, PROCESSES, empty_root, enter
from code_sandbox._lockdown.privileges import NO_CAPABILITIES, drop_capabilities, drop_user, refuse_privileges

MANY_DESCRIPTORS = 4096


def ready_to_follow() -> Callable[[], object]:
    """Returns what asks the kernel to end this process, or a fork of it, with its parent (Linux)."""
    return Kernel().ready_prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def follow_parent(parent_id: int, ask: Callable[[], object] | None = None) -> None:
    """Makes the process end when the one that started it ends (Linux).

    A fork does not inherit it, and a change of user takes it away.

    Args:
        parent_id: The parent, as this process numbers it. If that is not the parent any more, this process ends now.
        ask: What `ready_to_follow` returned: to make it takes a while.
    """
    if sys.platform != "linux":
        return
    (ask or ready_to_follow())()
    if os.getppid() != parent_id:
        # It died before the kernel knew whom to follow.
        os._exit(0)


def lock_process(*, parent_id: int, process_namespace: bool = False) -> Layers:
    """Takes from this process all that neither it nor its forks will need. A layer that cannot be had is no error.

    On Linux: namespaces, an empty root, a user that owns nothing, capabilities, new privileges; its memory is hidden
    from others, and it ends with its parent. Elsewhere nothing. Afterwards no file can be opened, not even in /proc:
    everything must have been imported and read. Open descriptors stay, and so does the right to fork.

    Args:
        parent_id: The parent, as this process numbers it.
        process_namespace: Whether processes that are forked later get a namespace of their own, if that can be had.
            The call forks then: it returns in the child, which is number 1 there, has no parent (0) and takes all
            others along when it ends. The process that called waits for it, with no open descriptor, and ends as it
            ends; killing it kills the child.

    Returns:
        The record, to be handed to `WorkerLock.lock`.

    Raises:
        OSError: There is a namespace for processes, and no memory to fork the first one.
    """
    layers = Layers()
    if sys.platform != "linux":
        return layers
    kernel = Kernel()
    threads = thread_count()
    if threads > 1:
        for name in NAMESPACES:
            layers.lack(name, f"the process has {threads} threads")
    else:
        enter(layers, kernel, processes=process_namespace)
    empty_root(layers, kernel)
    drop_user(layers, kernel)
    if threads > 1 and os.geteuid() == 0:
        layers.lack(NO_CAPABILITIES, f"the process has {threads} threads, and one would give them up")
    else:
        drop_capabilities(layers, kernel)
    refuse_privileges(layers, kernel)
    follow_parent(parent_id)
    if PROCESSES in layers.names:
        _fork_first()
    return layers


def _fork_first() -> None:
    """Forks the first process of the new namespace, and follows it into its end."""
    child = os.fork()
    if child == 0:
        follow_parent(0)
    else:
        _follow_child(child)


def _follow_child(child: int) -> NoReturn:
    try:
        os.closerange(0, MANY_DESCRIPTORS)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code < 0:
            os.kill(os.getpid(), -code)
        os._exit(code)
    finally:
        os._exit(1)
