"""Forbids files, network and processes by the sandbox of macOS. Untested on that system.

The interface is old and marked as deprecated; browsers and build tools use it still, for there is no other without a
signed application. Memory is not bounded by it, nor by RLIMIT_AS, which macOS takes and does not enforce.
"""

import ctypes

LIBRARY = "/usr/lib/libSystem.B.dylib"
ALLOWED: tuple[str, ...] = ()
"""Operations that a worker keeps. What was opened before stays open, so the channel needs none."""


def profile(*, allowed: tuple[str, ...] = ALLOWED) -> str:
    """Returns the text of a profile that denies all but some operations."""
    return "\n".join(["(version 1)", "(deny default)", *(f"(allow {operation})" for operation in allowed)])


def restrict() -> None:
    """Puts the profile on this process, for good.

    Raises:
        OSError: The system does not have it, or refuses; it carries the system's own words.
    """
    library = ctypes.CDLL(LIBRARY)
    message = ctypes.c_char_p()
    if library.sandbox_init(profile().encode(), ctypes.c_uint64(0), ctypes.byref(message)) == 0:
        return
    words = (message.value or b"no reason given").decode("utf-8", "replace")
    raise OSError(f"sandbox_init: {words}")
