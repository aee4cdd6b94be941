"""Where things are: workspaces, folders, projects; and what the studio keeps about itself."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

about = sa.Table(
    "studio_about",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

workspaces = sa.Table(
    "studio_workspaces",
    metadata,
    number(),
    id_("workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    ms("created_at_ms"),
    # None: as much as it likes.
    sa.Column("balance_credits", sa.BigInteger),
    sqlite_autoincrement=True,
)

folders = sa.Table(
    "studio_folders",
    metadata,
    number(),
    id_("folder_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    ms("created_at_ms"),
    sqlite_autoincrement=True,
)

projects = sa.Table(
    "studio_projects",
    metadata,
    number(),
    id_("project_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    ms("created_at_ms"),
    ms("last_modified_ms"),
    sa.Column("folder_id", sa.ForeignKey("studio_folders.folder_id")),
    # How many short ids its nodes were given; none is given twice.
    sa.Column("short_ids", sa.Integer, nullable=False, server_default="0"),
    sa.Index("studio_projects_by_activity", "workspace_id", "last_modified_ms", "number"),
    sqlite_autoincrement=True,
)
