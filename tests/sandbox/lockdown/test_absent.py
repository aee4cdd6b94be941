"""What a process says, and how it is locked in, where the system or a container refuses layers."""

import errno
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest

Lock = Callable[..., Any]

NO_SECCOMP = {"seccomp": errno.EPERM, "prctl_seccomp": errno.EINVAL}
NO_LANDLOCK = {"landlock_create_ruleset": errno.ENOSYS}
CONTAINER = {"unshare": errno.EPERM, "mount": errno.EPERM, "pivot_root": errno.EPERM, "umount2": errno.EPERM}
"""What the usual profile of containers refuses to all but privileged ones."""

SPACES = {"mount_namespace", "host_name_namespace", "ipc_namespace", "network_namespace"}
ALWAYS = {
    "no_capabilities",
    "no_new_privileges",
    "private_memory",
    "resources",
    "cpu_limit",
    "memory_limit",
    "descriptors",
}


def test_a_container_has_strong_isolation_without_namespaces(lock: Lock, as_root: bool) -> None:
    ended = lock("socket.socket()", refused=CONTAINER, process_namespace=True)
    assert ended.level == "strong"
    assert ended.layers >= ALWAYS | {"seccomp"}
    spaces = SPACES | {"process_namespace"} | (set() if as_root else {"user_namespace"})
    assert {ended.missing[name] for name in spaces} == {"unshare: Operation not permitted (EPERM)"}
    assert ended.layers & spaces == set()
    assert ended.code == -signal.SIGSYS


def test_root_in_a_container_gets_an_empty_root_and_another_user(lock: Lock, as_root: bool) -> None:
    ended = lock(refused=CONTAINER)
    if as_root:
        assert ended.layers >= {"empty_root", "other_user"}
    else:
        assert ended.missing["empty_root"] == "Operation not permitted (EPERM)"
        assert ended.missing["other_user"] == "the worker runs as the user of its host: only root can change that"


def test_a_mount_that_is_refused_leaves_an_empty_root_all_the_same(lock: Lock) -> None:
    ended = lock("say(os.listdir('/'))", refused={"mount": errno.EPERM}, worker=False)
    if "mount_namespace" in ended.missing:
        pytest.skip("this system gives no namespaces")
    assert "empty_root" in ended.layers
    # The folder was made by root for itself, and the process is no root any more.
    assert ended.said in ([[]], [{"raised": "PermissionError", "errno": errno.EACCES}])


def test_a_kernel_without_landlock_has_strong_isolation(lock: Lock) -> None:
    ended = lock("say('alive')\nsocket.socket()", refused=NO_LANDLOCK)
    assert ended.level == "strong"
    assert ended.missing["landlock"] == "landlock_create_ruleset: Function not implemented (ENOSYS)"
    assert (ended.said, ended.code) == (["alive"], -signal.SIGSYS)


def test_a_kernel_with_the_older_way_in_alone_has_strong_isolation(lock: Lock) -> None:
    ended = lock("say('alive')\nsocket.socket()", refused={"seccomp": errno.ENOSYS})
    assert ended.level == "strong"
    assert (ended.said, ended.code) == (["alive"], -signal.SIGSYS)


def test_without_seccomp_the_rules_for_files_are_moderate(lock: Lock) -> None:
    ended = lock("say('alive')\nos.mkdir('/tmp/code-sandbox-test')", refused=NO_SECCOMP, process=False)
    if "landlock" in ended.missing:
        pytest.skip("this kernel has no Landlock")
    assert ended.level == "moderate"
    assert ended.missing["seccomp"] == "seccomp: Operation not permitted (EPERM)"
    assert ended.said == ["alive", {"raised": "PermissionError", "errno": errno.EACCES}]


def test_without_both_isolation_is_weak_and_still_opens_nothing(lock: Lock) -> None:
    refused = NO_SECCOMP | NO_LANDLOCK | CONTAINER
    ended = lock("say('alive')\nsocket.socket()", refused=refused)
    assert ended.level == "weak"
    assert {"seccomp", "landlock", "network_namespace"} <= ended.missing.keys()
    assert ended.layers >= ALWAYS
    assert ended.said == ["alive", {"raised": "OSError", "errno": errno.EMFILE}]


def test_weak_isolation_with_namespaces_is_still_weak(lock: Lock) -> None:
    assert lock(refused=NO_SECCOMP | NO_LANDLOCK).level == "weak"


def test_bounds_that_are_refused_are_no_strong_isolation(lock: Lock) -> None:
    ended = lock(refused={"prlimit64": errno.EPERM, "setrlimit": errno.EPERM})
    assert ended.level in ("moderate", "weak")
    assert ended.missing.keys() >= {"resources", "cpu_limit", "memory_limit", "descriptors"}
    assert "RLIMIT_NOFILE cannot be 1" in ended.missing["descriptors"]


def test_rights_that_cannot_be_given_up_are_told(lock: Lock) -> None:
    ended = lock(refused={"capset": errno.EPERM})
    assert ended.missing["no_capabilities"] == "capset: Operation not permitted (EPERM)"
    assert ended.level == "strong"


def test_a_user_that_cannot_be_changed_is_told(lock: Lock, as_root: bool) -> None:
    ended = lock(refused={"setresuid": errno.EINVAL} if as_root else None)
    expected = "Invalid argument (EINVAL)" if as_root else "the worker runs as the user of its host"
    assert ended.missing["other_user"].startswith(expected)
    assert ended.level == "strong"


def test_root_that_could_not_end_a_process_of_another_user_does_not_become_one(lock: Lock, as_root: bool) -> None:
    if not as_root:
        pytest.skip("is no root")
    drop_kill = """
k, head, data = kernel.Kernel(), struct.pack('=Ii', 0x20080522, 0), ctypes.create_string_buffer(24)
k.call('capget', head, data)
words = [word & ~(1 << 5) if place < 3 else word for place, word in enumerate(struct.unpack('=6I', data.raw))]
k.call('capset', head, struct.pack('=6I', *words))
"""
    ended = lock("say(os.getuid())", before=drop_kill, worker=False)
    assert ended.missing["other_user"] == "root has no CAP_KILL here"
    assert ended.said == [0]


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="only x86-64 has this personality")
def test_a_machine_without_a_table_is_told_and_never_an_error(lock: Lock) -> None:
    ended = lock("say('alive')\nsocket.socket()", before="ctypes.CDLL(None).personality(8)")
    assert ended.level == "weak"
    assert ended.missing["seccomp"].startswith("there is no table of system calls for 64 bits of 'i686'")
    assert ended.said == ["alive", {"raised": "OSError", "errno": errno.EMFILE}]
