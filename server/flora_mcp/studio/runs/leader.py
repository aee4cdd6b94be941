"""Which of the processes that share a data directory runs the runs."""

from pathlib import Path

from filelock import FileLock, Timeout


class Leadership:
    """A lock that the operating system takes back when its process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        # Taken and given back by different threads of one process.
        self._lock = FileLock(path, thread_local=False)

    @property
    def held(self) -> bool:
        return self._lock.is_locked

    def take(self) -> bool:
        """Tries once; returns whether this process leads now."""
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def release(self) -> None:
        self._lock.release(force=True)
