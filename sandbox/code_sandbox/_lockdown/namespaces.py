"""Views of the system with nothing in them: no network, no mounts, no other processes, an empty root (Linux).

A bonus: default containers and some distributions refuse all of it, and the other layers do not need it.
"""

import os
from functools import partial

from code_sandbox._lockdown.kernel import Kernel
from code_sandbox._lockdown.layers import KernelError, Layers

USER = "user_namespace"
MOUNTS = "mount_namespace"
PROCESSES = "process_namespace"
EMPTY_ROOT = "empty_root"

CLONE_NEWUSER = 0x10000000
NAMESPACES = {
    MOUNTS: 0x00020000,
    "host_name_namespace": 0x04000000,
    "ipc_namespace": 0x08000000,
    "network_namespace": 0x40000000,
}
CLONE_NEWPID = 0x20000000

NOBODY = 65534

MS_RDONLY_NOSUID_NODEV_NOEXEC = 1 | 2 | 4 | 8
MS_REC_PRIVATE = 0x4000 | 0x40000
MNT_DETACH = 2
MOUNT_POINT = b"/proc"
"""Any folder that is there; what it holds is covered in this namespace only."""


def enter(layers: Layers, kernel: Kernel, *, processes: bool) -> None:
    """Leaves the system's namespaces for new, empty ones. The process must have one thread.

    Args:
        layers: Gets what is in force.
        kernel: Takes the calls.
        processes: Also the one of processes. It holds those forked later, and ends with the first of them.
    """
    wanted = dict(NAMESPACES) | ({PROCESSES: CLONE_NEWPID} if processes else {})
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0:
        # With a user namespace comes the right to the others.
        wanted = {USER: CLONE_NEWUSER} | wanted
    try:
        kernel.library("unshare", sum(wanted.values()))
    except KernelError:
        # One by one, for the reason of each; and some may be had without the rest.
        for name, flag in wanted.items():
            layers.attempt(name, partial(_unshare, kernel, flag))
    else:
        for name in wanted:
            layers.add(name)
    if USER in layers.names:
        _become_nobody(layers, uid=uid, gid=gid)


def empty_root(layers: Layers, kernel: Kernel) -> None:
    """Makes an empty folder the root, in which nothing can be made.

    With a mount namespace that is an empty file system which is mounted nowhere else, and the others are gone. Without,
    it is the working folder, if that has been removed from its disk.
    """
    if MOUNTS in layers.names and layers.attempt(EMPTY_ROOT, lambda: _only_mount(kernel)):
        return
    layers.attempt(EMPTY_ROOT, _removed_root)


def _unshare(kernel: Kernel, flag: int) -> None:
    kernel.library("unshare", flag)


def _become_nobody(layers: Layers, *, uid: int, gid: int) -> None:
    """Gives the user a number in the new namespace, for without one some calls fail in odd ways."""
    try:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{NOBODY} {uid} 1")
        _write("/proc/self/gid_map", f"{NOBODY} {gid} 1")
    except OSError as exc:
        layers.missing["user_map"] = f"the user has no number in its namespace: {exc.strerror}"


def _write(path: str, text: str) -> None:
    with open(path, "wb", buffering=0) as file:
        file.write(text.encode())


def _only_mount(kernel: Kernel) -> None:
    kernel.library("mount", None, b"/", None, MS_REC_PRIVATE, None)
    kernel.library("mount", b"none", MOUNT_POINT, b"tmpfs", MS_RDONLY_NOSUID_NODEV_NOEXEC, b"size=4k,mode=555")
    os.chdir(MOUNT_POINT)
    # The old root is put on top of the new one, and taken off: no folder is needed for it.
    kernel.call("pivot_root", b".", b".")
    kernel.library("umount2", b".", MNT_DETACH)
    os.chdir("/")


def _removed_root() -> None:
    if os.stat(".").st_nlink != 0 or os.listdir("."):
        raise ValueError("the working folder is in use: only a removed one is empty for ever")
    os.chroot(".")
    os.chdir("/")
