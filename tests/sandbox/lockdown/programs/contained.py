"""Runs a command as some containers and kernels would: with calls that are refused.

python contained.py '{"landlock_create_ruleset": 38, "unshare": 1}' command argument ...

The pseudo call `prctl_seccomp` is `prctl(PR_SET_SECCOMP)`. The filter is composed here by hand, with the numbers of the
kernel's headers, and not by what is tested.
"""

import ctypes
import json
import os
import struct
import sys
from pathlib import Path

LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38


def code(refused: dict[str, int], numbers: dict[str, int]) -> bytes:
    rows = [(LOAD, 0, 0, 0)]
    for name, error in refused.items():
        answer = (RETURN, 0, 0, ERRNO | error)
        if name == "prctl_seccomp":
            rows += [(EQUAL, 0, 4, numbers["prctl"]), (LOAD, 0, 0, 16), (EQUAL, 0, 1, PR_SET_SECCOMP), answer]
            rows += [(LOAD, 0, 0, 0)]
        else:
            rows += [(EQUAL, 0, 1, numbers[name]), answer]
    return b"".join(struct.pack("=HBBI", *row) for row in [*rows, (RETURN, 0, 0, ALLOW)])


def refuse(refused: dict[str, int]) -> None:
    table = json.loads((Path(__file__).parents[1] / "unistd.json").read_text())
    filtered = code(refused, table[os.uname().machine])
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(filtered, len(filtered))
    head = struct.pack("=HxxxxxxQ", len(filtered) // 8, ctypes.addressof(buffer))
    zero = ctypes.c_ulong(0)
    assert libc.prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), zero, zero, zero) == 0
    assert libc.prctl(PR_SET_SECCOMP, ctypes.c_ulong(2), head, zero, zero) == 0


if __name__ == "__main__":
    refuse(json.loads(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
