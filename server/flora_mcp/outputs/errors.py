"""What can go wrong between a run and its files.

```text
OutputError
├── FetchError         an output's address gave nothing usable; collect the run again
├── TooLargeError      an output is larger than the store takes
├── StoreError         the store's folder cannot be read or written
│   └── StoreFullError no room left; nothing half written stays behind
├── OutputGoneError    the index knows the output, but its file was removed
├── CursorError        a cursor that the store did not hand out
└── UriError           an address that names no output
```
"""

import errno
import sqlite3
from pathlib import Path

from flora_mcp.state.errors import StateError, StateFullError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SQLITE_FULL = "full"


class OutputError(Exception):
    """Everything this part raises on purpose."""


class FetchError(OutputError):
    """An output's address gave nothing usable; nothing of it is stored, a later `collect` tries again."""

    def __init__(self, *, run_id: str, output_id: str, reason: str) -> None:
        super().__init__(
            f"Output {output_id!r} of run {run_id!r} could not be fetched: {reason}. "
            "The run itself is done and paid; ask for its outputs again to retry the download."
        )
        self.run_id = run_id
        self.output_id = output_id
        self.reason = reason


class TooLargeError(OutputError):
    """An output is larger than the store takes."""

    def __init__(self, *, run_id: str, output_id: str, size_bytes: int, max_bytes: int) -> None:
        super().__init__(
            f"Output {output_id!r} of run {run_id!r} has {size_bytes} bytes, the store takes at most {max_bytes}. "
            "Open its address instead of storing it."
        )
        self.run_id = run_id
        self.output_id = output_id
        self.size_bytes = size_bytes
        self.max_bytes = max_bytes


class StoreError(OutputError):
    """The store's folder cannot be read or written."""

    def __init__(self, message: str, *, directory: Path) -> None:
        super().__init__(message)
        self.directory = directory


class StoreFullError(StoreError):
    """The disk or the quota under the store's folder is used up."""


class OutputGoneError(OutputError):
    """The index knows the output, but its file was removed."""

    def __init__(self, *, uri: str) -> None:
        super().__init__(
            f"The file of {uri!r} was removed from the store. Ask for the run's outputs to fetch it again."
        )
        self.uri = uri


class CursorError(OutputError):
    """A cursor that the store did not hand out."""

    def __init__(self, *, cursor: str) -> None:
        super().__init__(
            f"The cursor {cursor[:80]!r} is not one of this list. Pass the cursor of the page before, or none to start."
        )
        self.cursor = cursor


class UriError(OutputError):
    """An address that names no output."""

    def __init__(self, *, uri: str) -> None:
        super().__init__(
            f"{uri[:200]!r} is no output's address. An output's address has the form "
            "flora://runs/{run_id}/outputs/{output_id}; list the resources to see those there are."
        )
        self.uri = uri


def store_error(exc: OSError | sqlite3.Error | StateError, directory: Path) -> StoreError:
    """Returns what the operating system or the database said, as an error with the folder and the next step."""
    if isinstance(exc, StateError):
        kind = StoreFullError if isinstance(exc, StateFullError) else StoreError
        return kind(f"The index of outputs: {exc}", directory=directory)
    full = exc.errno in _FULL if isinstance(exc, OSError) else _SQLITE_FULL in str(exc)
    if full:
        return StoreFullError(
            f"No room left in {str(directory)!r}; nothing half written was kept. "
            "Free space there, or set FLORA_DATA_DIR to a folder with room, then ask for the outputs again.",
            directory=directory,
        )
    reason = exc.strerror or type(exc).__name__ if isinstance(exc, OSError) else str(exc)
    return StoreError(
        f"The output store in {str(directory)!r} cannot be used: {reason}. "
        "Check that it is a folder with room that this user may write to, or set FLORA_DATA_DIR to another one.",
        directory=directory,
    )
