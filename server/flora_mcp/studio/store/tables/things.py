"""What users bring: assets, the library, feedback."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

assets = sa.Table(
    "studio_assets",
    metadata,
    number(),
    id_("asset_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("project_id", sa.ForeignKey("studio_projects.project_id")),
    sa.Column("name", sa.String),
    sa.Column("description", sa.Text),
    sa.Column("folder", sa.String),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("uploaded_via", sa.String, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("upload_content_type", sa.String),
    sa.Column("file_name", sa.String),
    sa.Column("content_type", sa.String),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("sha256", sa.String),
    sa.Column("width_px", sa.Integer),
    sa.Column("height_px", sa.Integer),
    sa.Column("failure_message", sa.Text),
    ms("expires_at_ms", nullable=True),
    ms("created_at_ms"),
    sa.Index("studio_assets_by_workspace", "workspace_id", "number"),
    sqlite_autoincrement=True,
)

library_folders = sa.Table(
    "studio_library_folders",
    metadata,
    number(),
    id_("folder_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    ms("created_at_ms"),
    sqlite_autoincrement=True,
)

saved_nodes = sa.Table(
    "studio_saved_nodes",
    metadata,
    number(),
    id_("saved_node_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("folder_id", sa.ForeignKey("studio_library_folders.folder_id", ondelete="SET NULL")),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("description", sa.Text),
    sa.Column("asset_id", sa.ForeignKey("studio_assets.asset_id")),
    ms("created_at_ms"),
    sqlite_autoincrement=True,
)

feedback = sa.Table(
    "studio_feedback",
    metadata,
    number(),
    id_("feedback_id"),
    sa.Column("content", sa.JSON, nullable=False),
    ms("received_at_ms"),
    sqlite_autoincrement=True,
)
