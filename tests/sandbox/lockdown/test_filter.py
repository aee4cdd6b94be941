"""The filter of system calls, run in a small machine of our own for every architecture that has a table."""

import json
import re
import struct
from pathlib import Path

import pytest

from code_sandbox._lockdown import bpf, seccomp
from code_sandbox._lockdown.syscalls import TABLES

HEADERS = {
    "x86_64": (Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"), r"#define __NR_(\w+) (\d+)"),
    "aarch64": (Path("/usr/include/asm-generic/unistd.h"), r"#define __NR(?:3264)?_(\w+) (\d+)"),
}
UNISTD: dict[str, dict[str, int]] = json.loads((Path(__file__).parent / "unistd.json").read_text())
"""Every call of both architectures, from the headers of Linux 6.1; arm64 uses the generic ones."""
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_* of linux/audit.h."""
I386, ARM = 0x40000003, 0x40000028

ALLOW, KILL, EPERM = "allow", "kill", "eperm"

ALLOWED_BY_NAME = """
poll ppoll munmap brk getpid gettid rt_sigreturn nanosleep gettimeofday time getrandom sched_yield restart_syscall
rt_sigprocmask sigaltstack exit exit_group
"""
REFUSED_BY_NAME = """
open openat stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd fcntl ioctl lseek
close rt_sigaction prctl uname sysinfo getrusage times sched_getaffinity getrlimit prlimit64
"""
DEPENDS = {
    "read": [((0,), ALLOW), ((1,), EPERM), ((2**32,), ALLOW), ((2**31,), EPERM), ((0xFFFFFFFF,), EPERM)],
    "write": [((0,), ALLOW), ((1,), EPERM), ((2,), EPERM)],
    "mmap": [
        ((0, 4096, 3, 0x22), ALLOW),
        ((0, 4096, 0, 0x4022), ALLOW),
        ((0, 4096, 3, 0x20022), ALLOW),
        ((0, 4096, 7, 0x22), KILL),
        ((0, 4096, 5, 0x22), KILL),
        ((0, 4096, 1, 0x02), KILL),  # of a file
        ((0, 4096, 3, 0x21), KILL),  # shared
        ((0, 4096, 3, 0x40022), KILL),  # huge pages
        ((0, 4096, 3, 0x2022), KILL),  # locked
    ],
    "mprotect": [((0, 1, 0), ALLOW), ((0, 1, 3), ALLOW), ((0, 1, 4), KILL), ((0, 1, 7), KILL), ((0, 1, 1 << 24), KILL)],
    "mremap": [((0, 1, 2, 0), ALLOW), ((0, 1, 2, 1), ALLOW), ((0, 1, 2, 3), KILL), ((0, 1, 2, 4), KILL)],
    "madvise": [
        ((0, 1, 4), ALLOW),
        ((0, 1, 8), ALLOW),
        ((0, 1, 100), EPERM),
        ((0, 1, 101), EPERM),
        ((0, 1, 12), EPERM),
    ],
    "futex": [
        ((0, 0), ALLOW),
        ((0, 129), ALLOW),
        ((0, 0x189), ALLOW),
        ((0, 138), ALLOW),
        ((0, 6), KILL),
        ((0, 3), KILL),
        ((0, 5), KILL),
        ((0, 13), KILL),
    ],
    "clock_gettime": [
        ((0,), ALLOW),
        ((1,), ALLOW),
        ((2,), ALLOW),
        ((11,), ALLOW),
        ((12,), EPERM),
        ((2**32 - 14,), EPERM),
    ],
    "clock_getres": [((1,), ALLOW), ((2**32 - 14,), EPERM)],
    "clock_nanosleep": [((0,), ALLOW), ((1,), ALLOW), ((2,), EPERM), ((8,), EPERM), ((9,), EPERM)],
}
"""What a call becomes by its arguments."""

MUST_DIE = """
socket connect bind listen accept4 sendto sendmsg recvfrom recvmsg socketpair clone clone3 vfork fork execve execveat
kill tkill tgkill rt_sigqueueinfo pidfd_open pidfd_send_signal pidfd_getfd ptrace process_vm_readv process_vm_writev
io_uring_setup io_uring_enter io_uring_register bpf perf_event_open userfaultfd keyctl add_key request_key unshare setns
mount pivot_root chroot shmget shmat memfd_create memfd_secret seccomp landlock_create_ruleset setuid setresuid capset
pkey_mprotect shmdt dup dup3 pipe2 eventfd2 epoll_create1 timerfd_create signalfd4 setitimer timer_create modify_ldt
arch_prctl personality mlock mlockall setpriority sched_setscheduler openat2 unlinkat mkdirat renameat2 chdir
"""


def run(code: bytes, *, number: int, architecture: int, arguments: tuple[int, ...] = ()) -> str:
    """Returns what a filter answers, as the kernel would compute it."""
    padded = [argument & (2**64 - 1) for argument in (*arguments, *[0] * 6)[:6]]
    data = struct.pack("=IIQ6Q", number & 0xFFFFFFFF, architecture, 0, *padded)
    place, value = 0, 0
    while True:
        operation, if_true, if_false, operand = struct.unpack_from("=HBBI", code, 8 * place)
        place += 1
        if operation == 0x20:  # load a word
            (value,) = struct.unpack_from("=I", data, operand)
        elif operation == 0x54:  # and
            value &= operand
        elif operation == 0x06:  # return
            names = {0x7FFF0000: ALLOW, 0x80000000: KILL, 0x00050001: EPERM}
            return names[operand]
        else:
            holds = {0x15: value == operand, 0x35: value >= operand, 0x45: value & operand != 0}[operation]
            place += if_true if holds else if_false


@pytest.fixture(params=TABLES)
def machine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def decide(machine: str, name: str, *arguments: int, code: bytes | None = None) -> str:
    return run(
        seccomp.program(machine=machine) if code is None else code,
        number=UNISTD[machine][name],
        architecture=ARCHITECTURES[machine],
        arguments=arguments,
    )


def test_every_number_is_that_of_the_kernel(machine: str) -> None:
    assert {name: UNISTD[machine].get(name) for name in TABLES[machine]} == TABLES[machine]


@pytest.mark.parametrize("machine", HEADERS)
def test_the_copied_numbers_are_those_of_the_headers(machine: str) -> None:
    path, pattern = HEADERS[machine]
    if not path.exists():
        pytest.skip(f"{path} is not installed")
    numbers = {name: int(number) for name, number in re.findall(pattern, path.read_text())}
    numbers.setdefault("newfstatat", numbers.get("fstatat", 0))
    assert {name: numbers.get(name) for name in TABLES[machine]} == TABLES[machine]


def test_every_named_call_is_in_a_table_or_younger_calls_took_its_place(machine: str) -> None:
    named = {call for rule in seccomp.rules(reads=(0,), writes=(0,)) for call in rule.calls}
    assert named - set(TABLES["x86_64"]) == set()
    gone = {"open", "stat", "lstat", "access", "readlink", "poll", "time"}
    assert named - set(TABLES[machine]) == (gone if machine == "aarch64" else set())


def test_each_call_of_the_kernel_gets_what_the_list_says(machine: str) -> None:
    allowed, refused = set(ALLOWED_BY_NAME.split()), set(REFUSED_BY_NAME.split())
    code = seccomp.program(machine=machine)
    for name in UNISTD[machine].keys() - DEPENDS.keys():
        wanted = ALLOW if name in allowed else EPERM if name in refused else KILL
        assert (name, decide(machine, name, code=code)) == (name, wanted)


def test_calls_that_have_no_name_yet_are_killed(machine: str) -> None:
    code = seccomp.program(machine=machine)
    for number in {*range(700), 2**31, 2**32 - 1} - set(UNISTD[machine].values()):
        assert run(code, number=number, architecture=ARCHITECTURES[machine]) == KILL


@pytest.mark.parametrize("name", DEPENDS)
def test_a_call_that_depends_on_its_arguments(machine: str, name: str) -> None:
    got = [(arguments, decide(machine, name, *arguments)) for arguments, _ in DEPENDS[name]]
    assert got == DEPENDS[name]


def test_what_others_broke_out_with_is_killed(machine: str) -> None:
    names = [name for name in MUST_DIE.split() if name in UNISTD[machine]]
    assert len(names) > 60
    assert {name: decide(machine, name) for name in names} == dict.fromkeys(names, KILL)


@pytest.mark.parametrize("architecture", [I386, ARM, 0, 0xFFFFFFFF])
def test_calls_of_another_architecture_are_killed(machine: str, architecture: int) -> None:
    code = seccomp.program(machine=machine)
    assert {run(code, number=number, architecture=architecture) for number in range(500)} == {KILL}


def test_an_architecture_is_killed_by_the_filter_of_the_other() -> None:
    code = seccomp.program(machine="x86_64")
    assert run(code, number=UNISTD["aarch64"]["getpid"], architecture=ARCHITECTURES["aarch64"]) == KILL


def test_the_second_set_of_calls_of_x86_is_killed() -> None:
    code = seccomp.program(machine="x86_64")
    calls = {run(code, number=0x40000000 | number, architecture=ARCHITECTURES["x86_64"]) for number in range(600)}
    assert calls == {KILL}


def test_a_channel_of_two_pipes_is_read_from_one_and_written_to_the_other(machine: str) -> None:
    code = seccomp.program(machine=machine, reads=(0,), writes=(1,))
    reads = [decide(machine, "read", descriptor, code=code) for descriptor in (0, 1, 2)]
    writes = [decide(machine, "write", descriptor, code=code) for descriptor in (0, 1, 2)]
    assert (reads, writes) == ([ALLOW, EPERM, EPERM], [EPERM, ALLOW, EPERM])


def test_several_descriptors_are_told_apart_from_those_between(machine: str) -> None:
    code = seccomp.program(machine=machine, reads=(0, 5, 9), writes=(3,))
    reads = [descriptor for descriptor in range(12) if decide(machine, "read", descriptor, code=code) == ALLOW]
    assert reads == [0, 5, 9]


def test_a_filter_is_short_enough_for_the_kernel(machine: str) -> None:
    assert len(seccomp.program(machine=machine)) // 8 < 4096
    code = bpf.compose(seccomp.rules(reads=(0,), writes=(0,)), machine=machine, numbers=TABLES[machine])
    assert all(0 <= jump < 256 for _, if_true, if_false, _ in code for jump in (if_true, if_false))
