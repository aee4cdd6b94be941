"""Numbers of the system calls, by architecture (Linux: asm/unistd_64.h and asm-generic/unistd.h)."""

import os
import sys

X86_64: dict[str, int] = {
    "read": 0,
    "write": 1,
    "open": 2,
    "close": 3,
    "stat": 4,
    "fstat": 5,
    "lstat": 6,
    "poll": 7,
    "lseek": 8,
    "mmap": 9,
    "mprotect": 10,
    "munmap": 11,
    "brk": 12,
    "rt_sigaction": 13,
    "rt_sigprocmask": 14,
    "rt_sigreturn": 15,
    "ioctl": 16,
    "access": 21,
    "sched_yield": 24,
    "mremap": 25,
    "madvise": 28,
    "nanosleep": 35,
    "getpid": 39,
    "exit": 60,
    "uname": 63,
    "fcntl": 72,
    "getcwd": 79,
    "readlink": 89,
    "gettimeofday": 96,
    "getrlimit": 97,
    "getrusage": 98,
    "sysinfo": 99,
    "times": 100,
    "capset": 126,
    "sigaltstack": 131,
    "pivot_root": 155,
    "prctl": 157,
    "gettid": 186,
    "time": 201,
    "futex": 202,
    "sched_getaffinity": 204,
    "restart_syscall": 219,
    "clock_gettime": 228,
    "clock_getres": 229,
    "clock_nanosleep": 230,
    "exit_group": 231,
    "openat": 257,
    "newfstatat": 262,
    "readlinkat": 267,
    "faccessat": 269,
    "ppoll": 271,
    "prlimit64": 302,
    "seccomp": 317,
    "getrandom": 318,
    "statx": 332,
    "close_range": 436,
    "faccessat2": 439,
    "landlock_create_ruleset": 444,
    "landlock_restrict_self": 446,
}

AARCH64: dict[str, int] = {
    "getcwd": 17,
    "fcntl": 25,
    "ioctl": 29,
    "pivot_root": 41,
    "faccessat": 48,
    "openat": 56,
    "close": 57,
    "lseek": 62,
    "read": 63,
    "write": 64,
    "ppoll": 73,
    "readlinkat": 78,
    "newfstatat": 79,
    "fstat": 80,
    "capset": 91,
    "exit": 93,
    "exit_group": 94,
    "futex": 98,
    "nanosleep": 101,
    "clock_gettime": 113,
    "clock_getres": 114,
    "clock_nanosleep": 115,
    "sched_getaffinity": 123,
    "sched_yield": 124,
    "restart_syscall": 128,
    "sigaltstack": 132,
    "rt_sigaction": 134,
    "rt_sigprocmask": 135,
    "rt_sigreturn": 139,
    "times": 153,
    "uname": 160,
    "getrlimit": 163,
    "getrusage": 165,
    "prctl": 167,
    "gettimeofday": 169,
    "getpid": 172,
    "gettid": 178,
    "sysinfo": 179,
    "brk": 214,
    "munmap": 215,
    "mremap": 216,
    "mmap": 222,
    "mprotect": 226,
    "madvise": 233,
    "prlimit64": 261,
    "seccomp": 277,
    "getrandom": 278,
    "statx": 291,
    "close_range": 436,
    "faccessat2": 439,
    "landlock_create_ruleset": 444,
    "landlock_restrict_self": 446,
}
"""It has no `open`, `stat`, `lstat`, `access`, `readlink`, `poll` and `time`: younger calls take their place."""

TABLES: dict[str, dict[str, int]] = {"x86_64": X86_64, "aarch64": AARCH64}


def machine() -> str:
    """Returns the architecture of this process as `TABLES` names it.

    Raises:
        ValueError: There is no table for it.
    """
    name = os.uname().machine if hasattr(os, "uname") else "unknown"
    name = {"arm64": "aarch64", "amd64": "x86_64"}.get(name, name)
    if name not in TABLES or sys.maxsize < 2**32 or sys.byteorder != "little":
        bits = 64 if sys.maxsize > 2**32 else 32
        raise ValueError(f"there is no table of system calls for {bits} bits of {name!r}: x86_64 and aarch64 have one")
    return name
