"""Data folders of former versions still open, and nothing in them is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.store import Database

FORMER = Path(__file__).parent / "former"


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """A data folder as the program of schema version 1 left it, with two runs."""
    directory = tmp_path / "data"
    directory.mkdir()
    with closing(sqlite3.connect(directory / "studio.sqlite3")) as connection:
        connection.executescript((FORMER / "version_1.sql").read_text(encoding="utf-8"))
    return directory


def shape_of(path: Path) -> dict[str, Any]:
    """The columns, keys and indexes of every table."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        shape: dict[str, Any] = {}
        for name in names:
            columns = {row[1:4] for row in connection.execute(f"PRAGMA table_info({name})")}
            keys = {row[2:5] for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
            indexes = set()
            for row in connection.execute(f"PRAGMA index_list({name})").fetchall():
                parts = tuple(part[2] for part in connection.execute(f"PRAGMA index_info({row[1]})"))
                indexes.add((parts, row[2]))
            shape[name] = (columns, keys, indexes)
        return shape


def test_migrated_tables_are_as_new_ones(version_1: Path, tmp_path: Path) -> None:
    for path in (version_1 / "studio.sqlite3", tmp_path / "new.sqlite3"):
        database = Database(f"sqlite:///{path}")
        database.create_tables()
        database.create_tables()
        database.close()
    assert shape_of(version_1 / "studio.sqlite3") == shape_of(tmp_path / "new.sqlite3")


async def test_what_a_former_version_wrote_is_read_and_added_to(open_api: Any, version_1: Path) -> None:
    async with open_api(directory=version_1) as api:
        assert (await api.get("projects", workspace_id="ws_1"))["projects"][0]["name"] == "Old"
        nodes = (await api.get("projects/prj_4/nodes"))["nodes"]
        assert [(node["label"], node["width"], node["asset_id"]) for node in nodes] == [
            ("a cat's hat", 1024, None),
            ("a red cup", 1024, None),
        ]
        assert (await api.get("runs/run_6"))["status"] == "completed"
        await api.finished(await api.start(prompt="a new cup"))
        assert [node["label"] for node in (await api.get("projects/prj_4/nodes"))["nodes"]] == [
            "a new cup",
            "a cat's hat",
            "a red cup",
        ]


def test_a_newer_version_is_refused_and_left_alone(version_1: Path) -> None:
    path = version_1 / "studio.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE studio_about SET value = '999'")
        connection.commit()
    before = shape_of(path)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(StudioUnavailableError, match="'999'"):
        database.create_tables()
    database.close()
    assert shape_of(path) == before
