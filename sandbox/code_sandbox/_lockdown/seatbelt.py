"""Forbids files, network and processes by the sandbox of macOS. Untested on that system.

A worker is started by `sandbox-exec`, under a profile that denies everything but what an interpreter needs to start: to
run itself, and to read its own files and those of the system. A process has one profile for its whole life, so what it
reads then it might read later; the bound of its descriptors, which comes before the program, takes that away. Where the
tool is missing a worker asks for a profile itself once everything is imported: that one denies reading too.

The interface is old and marked as deprecated; browsers and build tools use it still, for there is no other without a
signed application. Memory is not bounded by it, nor by RLIMIT_AS, which macOS takes and does not enforce.
"""

import ctypes
import os
from collections.abc import Iterable, Sequence

TOOL = "/usr/bin/sandbox-exec"
LIBRARY = "/usr/lib/libSystem.B.dylib"
SYSTEM_FOLDERS = ("/usr/lib", "/usr/share", "/System/Library", "/System/Volumes/Preboot/Cryptexes", "/dev/urandom")
"""Where the system's libraries, time zones and sources of chance are."""
FORBIDDEN = ("file-write-create", "network-outbound", "network-bind", "process-fork", "mach-register")
"""A few of the operations that no worker has: the system is asked about them, whoever made the profile."""
READ = ("file-read*", "file-map-executable")
DENIED = 1


def profile(*, readable: Iterable[str] = (), executable: Iterable[str] = ()) -> str:
    """Returns the text of a profile that denies all but to start an interpreter; with no folders, all.

    Args:
        readable: Folders that may be read, with all that is in them.
        executable: Files that may be executed in place of the process. A new process is never allowed.
    """
    lines = ["(version 1)", "(deny default)"]
    folders, files = list(readable), list(executable)
    if files:
        # Each part of a path is looked at on the way to a file, and the system's libraries ask what system it is.
        lines += ["(allow file-read-metadata)", "(allow sysctl-read)"]
        lines += [f"(allow process-exec (literal {_quoted(path)}))" for path in files]
    for folder in folders:
        lines += [f"(allow {operation} (subpath {_quoted(folder)}))" for operation in READ]
    return "\n".join(lines)


def confined(command: Sequence[str], *, readable: Iterable[str]) -> list[str]:
    """Returns the command that starts another one under the profile of a worker.

    Args:
        command: An interpreter, by its path, and its arguments.
        readable: The folders of the interpreter, the library and this package.
    """
    interpreters = sorted({command[0], os.path.realpath(command[0])})
    folders = {each for folder in readable for each in (folder, os.path.realpath(folder))}
    text = profile(readable=[*SYSTEM_FOLDERS, *sorted(folders)], executable=interpreters)
    return [TOOL, "-p", text, *command]


def restrict() -> None:
    """Sees to it that a profile is on this process, for good.

    Raises:
        OSError: There is none that forbids enough, and the system refuses another; it carries the system's own words.
    """
    library = ctypes.CDLL(LIBRARY)
    if all(library.sandbox_check(os.getpid(), each.encode(), 0) == DENIED for each in FORBIDDEN):
        return
    message = ctypes.c_char_p()
    if library.sandbox_init(profile().encode(), ctypes.c_uint64(0), ctypes.byref(message)) == 0:
        return
    words = (message.value or b"no reason given").decode("utf-8", "replace")
    raise OSError(f"sandbox_init: {words}")


def _quoted(path: str) -> str:
    """Returns a path as the language of profiles writes text."""
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
