"""DBOS's clock on every SQLite that Python may come with."""

import sqlite3
import time

from flora_mcp.studio.runs.old_sqlite import MillisecondConnection


def test_a_row_gets_the_time_it_was_made_at() -> None:
    before = time.time()
    connection = sqlite3.connect(":memory:", factory=MillisecondConnection)
    connection.execute("CREATE TABLE t (a INTEGER, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))")
    connection.execute("INSERT INTO t (a) VALUES (1)")
    [(made_at,)] = connection.execute("SELECT at FROM t").fetchall()
    connection.close()
    assert before * 1000 - 1000 <= made_at <= time.time() * 1000 + 1000
