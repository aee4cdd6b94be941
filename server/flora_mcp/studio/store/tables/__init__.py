"""The studio's tables, by what they are about."""

from flora_mcp.studio.store.tables.access import keys, members
from flora_mcp.studio.store.tables.canvas import edges, nodes, waits
from flora_mcp.studio.store.tables.columns import metadata
from flora_mcp.studio.store.tables.jobs import charges, idempotency_keys, outputs, runs
from flora_mcp.studio.store.tables.places import about, folders, projects, workspaces
from flora_mcp.studio.store.tables.techniques import technique_keys, technique_projects, technique_steps, techniques
from flora_mcp.studio.store.tables.things import assets, feedback, library_folders, saved_nodes
from flora_mcp.studio.store.tables.webhooks import deliveries, webhook_secrets
from flora_mcp.studio.store.tables.workers import claims, workers

SCHEMA_VERSION = 3
"""Grows with every change that an older program could not read; `migrations` has a step for each."""

__all__ = [
    "SCHEMA_VERSION",
    "about",
    "assets",
    "charges",
    "claims",
    "deliveries",
    "edges",
    "feedback",
    "folders",
    "idempotency_keys",
    "keys",
    "library_folders",
    "members",
    "metadata",
    "nodes",
    "outputs",
    "projects",
    "runs",
    "saved_nodes",
    "technique_keys",
    "technique_projects",
    "technique_steps",
    "techniques",
    "waits",
    "webhook_secrets",
    "workers",
    "workspaces",
]
