"""Each layer put on alone, in a real process: what it stops, without the help of the others."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lock = Callable[..., Any]

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="layers of Linux")

LANDLOCK = "k = kernel.Kernel(); privileges.refuse_privileges(Layers(), k); landlock.Rules(k).ready(threads=1)()\n"
ONLY = {"process": False, "worker": False}

FILES = {
    "reading": "open('/etc/passwd')",
    "listing": "os.listdir('/')",
    "a new folder": "os.mkdir('/tmp/code-sandbox-test')",
    "a new file": "open('/tmp/code-sandbox-test', 'w')",
    "a new link": "os.symlink('/', '/tmp/code-sandbox-test')",
    "a program": "os.execv('/bin/true', ['true'])",
}


def needs_landlock(ended: Any) -> None:
    if ended.said and ended.said[0].get("errno") in (38, 95):
        pytest.skip("this kernel has no Landlock")


@pytest.mark.parametrize("name", FILES)
def test_landlock_alone_forbids_files(lock: Lock, name: str) -> None:
    ended = lock(LANDLOCK + FILES[name], **ONLY)
    needs_landlock(ended)
    assert ended.said == [{"raised": "PermissionError", "errno": 13}]


def test_landlock_alone_forbids_connections(lock: Lock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        ended = lock(f"{LANDLOCK}socket.create_connection(('127.0.0.1', {port}))", **ONLY)
    needs_landlock(ended)
    assert ended.said == [{"raised": "PermissionError", "errno": 13}]


def test_landlock_alone_forbids_signals_to_others(lock: Lock) -> None:
    ended = lock(LANDLOCK + "os.kill(os.getppid(), 0)", **ONLY)
    needs_landlock(ended)
    assert ended.said == [{"raised": "PermissionError", "errno": 1}]


BOUND = """
resources.bound_use(layers, memory_bytes=2**24, size_bytes=resources.own_size_bytes())
for _, act in resources.own_bounds(layers, cpu_seconds=1.0, used_seconds=resources.used_cpu_seconds()): act()
"""
BOUNDED = ONLY | {"before": "layers = Layers()"}


def test_bounds_alone_forbid_files_to_grow(lock: Lock, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    for folder in tmp_path.parents[:2]:
        folder.chmod(0o755)
    path = tmp_path / "file"
    source = f"f = open({str(path)!r}, 'wb', buffering=0)\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nf.write(b'a')"
    ended = lock(BOUND + source, **BOUNDED)
    assert ended.said[0]["errno"] in (27, 13)
    assert not path.exists() or path.read_bytes() == b""


def test_bounds_alone_stop_memory(lock: Lock) -> None:
    ended = lock(BOUND + "try: bytearray(2**26)\nexcept MemoryError: say('short')", **BOUNDED)
    assert ended.said == ["short"]


def test_bounds_alone_stop_processes_of_all_but_root(lock: Lock, as_root: bool) -> None:
    fork = "if os.fork() == 0: os._exit(0)\nsay('forked')"
    ended = lock(BOUND + "say(layers.missing)\n" + fork, **BOUNDED)
    missing, end = ended.said
    if as_root:
        assert (missing, end) == ({"process_limit": "RLIMIT_NPROC does not bind root"}, "forked")
    else:
        assert (missing, end) == ({}, {"raised": "BlockingIOError", "errno": 11})


@pytest.mark.parametrize(
    "source", ["os.open('/etc/passwd', 0)", "socket.socket()", "os.pipe()", "os.dup(0)", "os.memfd_create('a')"]
)
def test_a_bound_on_descriptors_alone_lets_none_be_opened(lock: Lock, source: str) -> None:
    ended = lock("os.closerange(1, 64)\nresources.ready_bound('NOFILE', 1)()\n" + source, **ONLY)
    assert ended.said == [{"raised": "OSError", "errno": 24}]


def test_a_locked_process_holds_its_channel_and_nothing_else(lock: Lock) -> None:
    before = "import fcntl\nfirst = os.open('/', 0)\nfcntl.fcntl(first, fcntl.F_DUPFD, 900)"
    refused = {"seccomp": 1, "prctl_seccomp": 22}
    source = """
def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
say([number for number in range(1000) if is_open(number)])
"""
    assert lock(source, before=before, refused=refused).said == [[0]]
    assert lock(source, before=before, refused=refused | {"close_range": 38}).said == [[0]]


PROCESS = {"process": True, "worker": False}


def needs_namespaces(ended: Any) -> None:
    if "network_namespace" in ended.missing:
        pytest.skip(f"this system gives none: {ended.missing['network_namespace']}")


def test_namespaces_alone_leave_no_network(lock: Lock) -> None:
    source = "say([name for _, name in socket.if_nameindex()])\nsocket.create_connection(('127.0.0.1', 1))"
    ended = lock(source, **PROCESS)
    needs_namespaces(ended)
    assert ended.said == [["lo"], {"raised": "OSError", "errno": 101}]


def test_an_empty_root_holds_nothing_and_takes_nothing(lock: Lock) -> None:
    source = """
say(os.listdir('/') + os.listdir('..') + os.listdir('.'))
for attempt in (lambda: os.mkdir('/a'), lambda: os.symlink('/', '/a'), lambda: os.open('/a', os.O_CREAT | os.O_RDWR)):
    try:
        attempt()
    except OSError as error:
        say(error.errno in (2, 13, 30))
"""
    ended = lock(source, **PROCESS)
    if "empty_root" in ended.missing:
        pytest.skip(f"this system gives none: {ended.missing['empty_root']}")
    assert ended.said == [[], True, True, True]


def test_a_process_without_rights_cannot_get_them_back(lock: Lock) -> None:
    source = """
attempts = [(os.setuid, 0), (os.chroot, '.'), (socket.sethostname, 'a'), (os.setgroups, [])]
for attempt, argument in attempts:
    try:
        attempt(argument)
        say('done')
    except OSError as error:
        say(error.errno)
say(os.getuid())
"""
    ended = lock(source, **PROCESS)
    assert {"no_capabilities", "no_new_privileges", "private_memory"} <= ended.layers
    assert ended.said[:3] in ([1, 1, 1], [22, 1, 1])
    assert ended.said[3] == 1
    assert ended.said[4] != 0


def test_root_becomes_a_user_that_owns_nothing(lock: Lock, as_root: bool) -> None:
    ended = lock("say([os.getresuid(), os.getresgid(), os.getgroups()])", **PROCESS)
    if as_root and "other_user" not in ended.missing:
        assert ended.said == [[[65534] * 3, [65534] * 3, []]]
    else:
        assert ended.missing["other_user"]


def test_a_process_namespace_shows_nobody_else(lock: Lock) -> None:
    source = f"say([os.getpid(), os.getppid()])\nos.kill({os.getpid()}, 0)"
    ended = lock(source, **PROCESS, process_namespace=True)
    if "process_namespace" in ended.missing:
        pytest.skip(f"this system gives none: {ended.missing['process_namespace']}")
    assert ended.said == [[1, 0], {"raised": "ProcessLookupError", "errno": 3}]


@pytest.mark.parametrize("end", ["os._exit(7)", "ctypes.string_at(8)"])
def test_the_process_that_forked_into_a_namespace_ends_as_its_child_does(lock: Lock, end: str) -> None:
    alone = lock(end, **PROCESS)
    assert lock(end, **PROCESS, process_namespace=True).code == alone.code


def test_killing_the_process_that_forked_into_a_namespace_ends_its_child(begun: Callable[..., Any]) -> None:
    process, ours = begun("say('waiting')\nos.read(0, 1)", **PROCESS, process_namespace=True)
    with ours, ours.makefile("rb") as stream, process:
        stream.readline()
        assert stream.readline() == b'"waiting"\n'
        process.kill()
        assert stream.read() == b""
