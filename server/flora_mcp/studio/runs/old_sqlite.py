"""Gives DBOS the milliseconds that it asks SQLite for, where SQLite does not know them yet."""

import sqlite3
import time
from typing import Any

KNOWN_SINCE = (3, 42)
"""The SQLite that has `unixepoch('subsec')`. DBOS takes it for granted from Python 3.12 on, but Python uses the
SQLite of its system, and Debian 12 has 3.40: there the answer is NULL, and DBOS cannot start."""


class MillisecondConnection(sqlite3.Connection):
    """A connection on which `unixepoch('subsec')` tells the time, whichever SQLite it is."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if sqlite3.sqlite_version_info < KNOWN_SINCE:
            self.create_function("unixepoch", 1, _unixepoch)


def _unixepoch(moment: str) -> float | None:
    return time.time() if moment == "subsec" else None
