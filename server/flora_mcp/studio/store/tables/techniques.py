"""Techniques, what their runs have done so far, and the keys by which a repeated run is found again."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

# Without a workspace it is everybody's.
techniques = sa.Table(
    "studio_techniques",
    metadata,
    number(),
    id_("technique_id"),
    sa.Column("workspace_id", sa.ForeignKey("studio_workspaces.workspace_id")),
    sa.Column("slug", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("definition", sa.JSON, nullable=False),
    ms("archived_at_ms", nullable=True),
    ms("created_at_ms"),
    sqlite_autoincrement=True,
)

# A run that is taken up after a crash does not do again what is here.
technique_steps = sa.Table(
    "studio_technique_steps",
    metadata,
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id"), primary_key=True),
    sa.Column("step_id", sa.String, primary_key=True),
    sa.Column("made", sa.JSON, nullable=False),
)

technique_projects = sa.Table(
    "studio_technique_projects",
    metadata,
    sa.Column("workspace_id", sa.ForeignKey("studio_workspaces.workspace_id"), primary_key=True),
    sa.Column("project_id", sa.ForeignKey("studio_projects.project_id"), nullable=False),
)

technique_keys = sa.Table(
    "studio_technique_keys",
    metadata,
    sa.Column("workspace_id", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("run_ids", sa.JSON, nullable=False),
    ms("created_at_ms"),
)
