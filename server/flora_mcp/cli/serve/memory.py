"""Has a process that lives for days give the memory that it no longer needs back to the system."""

import ctypes
import sys
import threading

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Of glibc's malloc.h (mallopt(3))."""

LARGE_BYTES = 128 * 1024
"""A block of this size has pages of its own, which go when it goes: each picture and its base64 is one."""

ARENAS = 2
"""Heaps for all threads together. A thread that has downloaded a picture leaves holes in the heap that it used."""

TRIM_SECONDS = 10.0
"""Between two times that whole pages within the heaps go which nobody uses."""


def give_memory_back() -> None:
    """Tells the C library so, where that is glibc; others do it anyway, or not at all.

    By itself glibc keeps ever larger blocks in ever more heaps: a server that hands out pictures grows by holes.
    """
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim")):
        return
    for option, value in ((M_MMAP_THRESHOLD, LARGE_BYTES), (M_TRIM_THRESHOLD, 2 * LARGE_BYTES), (M_ARENA_MAX, ARENAS)):
        library.mallopt(option, value)
    threading.Thread(target=_trim, args=(library,), name="memory", daemon=True).start()


def _trim(library: ctypes.CDLL) -> None:
    never = threading.Event()
    while not never.wait(TRIM_SECONDS):
        library.malloc_trim(0)
