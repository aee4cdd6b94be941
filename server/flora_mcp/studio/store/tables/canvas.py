"""The canvas of each project."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

nodes = sa.Table(
    "studio_nodes",
    metadata,
    number(),
    id_("node_id"),
    id_("project_id", to="studio_projects.project_id"),
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id")),
    sa.Column("output_id", sa.String),
    sa.Column("asset_id", sa.ForeignKey("studio_assets.asset_id")),
    sa.Column("action_id", sa.String),
    sa.Column("params", sa.JSON(none_as_null=True)),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("label", sa.Text),
    ms("created_at_ms"),
    sa.UniqueConstraint("run_id", "output_id"),
    sa.Index("studio_nodes_by_project", "project_id", "number"),
    sqlite_autoincrement=True,
)
