"""Brings the tables of former versions up to date, in the transaction that opens the database."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.store import tables


def migrate(connection: sa.Connection) -> None:
    """Creates what is missing and changes what is old, all or nothing.

    Raises:
        StudioUnavailableError: The data was written by a newer program; nothing is changed.
    """
    found = _version(connection)
    if found is not None and found > tables.SCHEMA_VERSION:
        raise StudioUnavailableError(
            f"The studio's data has schema {str(found)!r}, this program knows up to {tables.SCHEMA_VERSION}: "
            "upgrade flora-mcp or choose another data directory."
        )
    # New tables come first, as what is rebuilt may refer to them.
    tables.metadata.create_all(connection)
    if found is None:
        row = {"key": "schema_version", "value": str(tables.SCHEMA_VERSION)}
        connection.execute(tables.about.insert().values(row))
        return
    for version in range(found, tables.SCHEMA_VERSION):
        _STEPS[version](connection)
    change = tables.about.update().where(tables.about.c.key == "schema_version")
    connection.execute(change.values(value=str(tables.SCHEMA_VERSION)))


def _version(connection: sa.Connection) -> int | None:
    if not sa.inspect(connection).has_table(tables.about.name):
        return None
    found = connection.scalar(sa.select(tables.about.c.value).where(tables.about.c.key == "schema_version"))
    return None if found is None else int(found)


def _from_1(connection: sa.Connection) -> None:
    """Lets a node show an asset or an action; gives runs inputs, outputs text, projects a folder."""
    _add(connection, "studio_projects", "folder_id", "VARCHAR REFERENCES studio_folders (folder_id)")
    _add(connection, "studio_runs", "inputs", "JSON")
    _add(connection, "studio_runs", "node_id", "VARCHAR")
    _add(connection, "studio_outputs", "text", "TEXT")
    # SQLite cannot take NOT NULL from a column, so the table is made anew; nothing refers to it.
    for statement in _REBUILD_NODES_1:
        connection.exec_driver_sql(statement)


def _from_2(connection: sa.Connection) -> None:
    """Lets a run tell another program of its end; bounds what workspaces spend; gives nodes a short id, a place, and
    all that a canvas needs."""
    _add(connection, "studio_runs", "callback_url", "TEXT")
    index = "CREATE INDEX IF NOT EXISTS studio_runs_by_start ON studio_runs (workspace_id, started_at_ms)"
    connection.exec_driver_sql(index)
    _add(connection, "studio_workspaces", "balance_credits", "BIGINT")
    _add(connection, "studio_charges", "taken_credits", "INTEGER DEFAULT '0' NOT NULL")
    _add(connection, "studio_projects", "short_ids", "INTEGER DEFAULT '0' NOT NULL")
    for statement in _REBUILD_NODES_2:
        connection.exec_driver_sql(statement)


def _add(connection: sa.Connection, table: str, column: str, definition: str) -> None:
    """Adds a column, unless the table was just created with it."""
    if column not in {each["name"] for each in sa.inspect(connection).get_columns(table)}:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")


_REBUILD_NODES_1 = (
    "DROP INDEX studio_nodes_by_project",
    "ALTER TABLE studio_nodes RENAME TO studio_nodes_1",
    """CREATE TABLE studio_nodes (
        number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        node_id VARCHAR NOT NULL UNIQUE,
        project_id VARCHAR NOT NULL REFERENCES studio_projects (project_id),
        run_id VARCHAR REFERENCES studio_runs (run_id),
        output_id VARCHAR,
        asset_id VARCHAR REFERENCES studio_assets (asset_id),
        action_id VARCHAR,
        params JSON,
        type VARCHAR NOT NULL,
        label TEXT,
        created_at_ms BIGINT NOT NULL,
        UNIQUE (run_id, output_id)
    )""",
    """INSERT INTO studio_nodes (number, node_id, project_id, run_id, output_id, type, label, created_at_ms)
        SELECT number, node_id, project_id, run_id, output_id, type, label, created_at_ms FROM studio_nodes_1""",
    "DROP TABLE studio_nodes_1",
    "CREATE INDEX studio_nodes_by_project ON studio_nodes (project_id, number)",
)
"""For SQLite: no other database was served by a program of version 1 or 2."""

_REBUILD_NODES_2 = (
    "DROP INDEX studio_nodes_by_project",
    "ALTER TABLE studio_nodes RENAME TO studio_nodes_2",
    """CREATE TABLE studio_nodes (
        number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        node_id VARCHAR NOT NULL,
        project_id VARCHAR NOT NULL REFERENCES studio_projects (project_id),
        short_id VARCHAR NOT NULL,
        block VARCHAR NOT NULL,
        type VARCHAR NOT NULL,
        label TEXT,
        prompt TEXT,
        model_id VARCHAR,
        action_id VARCHAR,
        params JSON,
        content TEXT,
        x FLOAT NOT NULL,
        y FLOAT NOT NULL,
        width FLOAT,
        height FLOAT,
        parent_id VARCHAR,
        run_id VARCHAR REFERENCES studio_runs (run_id),
        output_id VARCHAR,
        asset_id VARCHAR REFERENCES studio_assets (asset_id),
        last_run_id VARCHAR,
        extra JSON,
        created_at_ms BIGINT NOT NULL,
        UNIQUE (project_id, node_id),
        UNIQUE (project_id, short_id)
    )""",
    """INSERT INTO studio_nodes (
            number, node_id, project_id, short_id, block, type, label, prompt, model_id, action_id, params, x, y,
            run_id, output_id, asset_id, created_at_ms)
        SELECT number, node_id, project_id, 'n' || place,
            CASE WHEN run_id IS NOT NULL THEN 'resultImageBlock' WHEN type = 'video' THEN 'staticVideoBlock'
                WHEN type = 'audio' THEN 'staticAudioBlock' WHEN type = 'document' THEN 'documentNode'
                ELSE 'staticImageBlock' END,
            type, label, (SELECT prompt FROM studio_runs WHERE studio_runs.run_id = placed.run_id),
            (SELECT model_id FROM studio_runs WHERE studio_runs.run_id = placed.run_id), action_id, params,
            0, 400 * (place - 1), run_id, output_id, asset_id, created_at_ms
        FROM (SELECT *, row_number() OVER (PARTITION BY project_id ORDER BY number) AS place
            FROM studio_nodes_2) AS placed""",
    "DROP TABLE studio_nodes_2",
    "CREATE INDEX studio_nodes_by_project ON studio_nodes (project_id, number)",
    """UPDATE studio_projects SET short_ids =
        (SELECT count(*) FROM studio_nodes WHERE studio_nodes.project_id = studio_projects.project_id)""",
)
"""One below the other, as nodes that came one by one are placed."""

_STEPS: Mapping[int, Callable[[sa.Connection], None]] = {1: _from_1, 2: _from_2}
"""What leads from each version to the next. A step names columns by itself: the tables of today are not
those of its time."""
