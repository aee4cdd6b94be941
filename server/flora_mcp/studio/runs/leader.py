"""Which of the processes that share a data directory runs the runs."""

from pathlib import Path

from filelock import FileLock, Timeout


class Leadership:
    """A lock that the operating system takes back when its process dies, however it dies.

    The membership of a database that is a file: one process at a time does all jobs.
    """

    worker_id = "studio"
    """The same for each: whoever leads takes up what the leader before left."""

    alone = True

    others = False

    beat_seconds = None

    def __init__(self, path: Path) -> None:
        # Taken and given back by different threads of one process.
        self._lock = FileLock(path, thread_local=False)

    @property
    def held(self) -> bool:
        return self._lock.is_locked

    def take(self) -> bool:
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def beat(self) -> None:
        """Does nothing: the operating system tells who lives."""

    def release(self) -> None:
        self._lock.release(force=True)
