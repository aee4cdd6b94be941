"""The guards of the store, on which exactly-once rests when a step is repeated."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from flora_mcp.studio.runs.states import MOVES, STATUSES, sources
from flora_mcp.studio.store import Database, projects, runs, tables, workspaces

FILE = runs.NewOutput(
    output_id="output_1",
    type="imageUrl",
    file_name="output_1.png",
    mime_type="image/png",
    size_bytes=3,
    sha256="00",
    width_px=1,
    height_px=1,
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sa.Connection]:
    database = Database(f"sqlite:///{tmp_path / 'studio.sqlite3'}")
    database.create_tables()
    with database.writing() as opened:
        workspaces.create(opened, workspace_id="ws_1", name="Studio", now_ms=1)
        projects.create(opened, project_id="prj_1", workspace_id="ws_1", name="Test", now_ms=1)
        run = runs.NewRun(
            run_id="run_1",
            workspace_id="ws_1",
            project_id="prj_1",
            media_type="image",
            model_id="m",
            prompt="p",
            params={},
            credits=4,
        )
        runs.create(opened, run, now_ms=1)
        yield opened
    database.close()


def complete(connection: sa.Connection, *, node_id: str, now_ms: int) -> bool:
    return runs.complete(connection, "run_1", files=[FILE], node_ids=[node_id], facts={}, now_ms=now_ms)


def test_every_move_leads_from_a_source() -> None:
    assert {(source, status) for status in STATUSES for source in sources(status)} == {
        (source, status) for source in STATUSES for status in MOVES[source]
    }


def test_a_run_completes_once(connection: sa.Connection) -> None:
    assert runs.begin(connection, "run_1", now_ms=2)
    assert complete(connection, node_id="a", now_ms=3)
    assert not complete(connection, node_id="b", now_ms=4)
    assert not runs.fail(connection, "run_1", code="X", message="late", now_ms=5)
    assert not runs.begin(connection, "run_1", now_ms=6)
    run = runs.get(connection, "run_1")
    assert (run["status"], run["completed_at_ms"], run["error_code"], run["charge"]) == (
        "completed",
        3,
        None,
        "settled",
    )
    assert connection.scalars(sa.select(tables.nodes.c.node_id)).all() == ["a"]


def test_a_run_that_has_not_begun_cannot_complete(connection: sa.Connection) -> None:
    assert not complete(connection, node_id="a", now_ms=2)
    assert runs.get(connection, "run_1")["status"] == "pending"


def test_a_run_fails_once_and_its_cost_comes_back(connection: sa.Connection) -> None:
    assert runs.fail(connection, "run_1", code="X", message="first", now_ms=2)
    assert not runs.fail(connection, "run_1", code="Y", message="second", now_ms=3)
    assert not complete(connection, node_id="a", now_ms=4)
    run = runs.get(connection, "run_1")
    assert (run["error_code"], run["progress"], run["charge"]) == ("X", 100, "refunded")


def test_a_run_that_begins_again_keeps_its_start_and_its_progress(connection: sa.Connection) -> None:
    assert runs.begin(connection, "run_1", now_ms=2)
    runs.advance(connection, "run_1", progress=60)
    assert runs.begin(connection, "run_1", now_ms=9)
    runs.advance(connection, "run_1", progress=10)
    run = runs.get(connection, "run_1")
    assert (run["started_at_ms"], run["progress"]) == (2, 60)
