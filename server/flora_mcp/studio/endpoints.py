"""The endpoints under /api/v1, known without importing what answers them."""

import re

ENDPOINTS = frozenset(
    {
        "GET /actions",
        "GET /actions/{action_id}",
        "GET /assets",
        "POST /assets",
        "GET /assets/{asset_id}",
        "POST /assets/{asset_id}/complete",
        "POST /assets/{asset_id}/retry",
        "POST /feedback",
        "POST /generate",
        "GET /generations",
        "GET /models",
        "GET /projects",
        "POST /projects",
        "GET /projects/{project_id}",
        "POST /projects/{project_id}/actions",
        "POST /projects/{project_id}/actions/{node_id}/run",
        "POST /projects/{project_id}/assets/{asset_id}/attach",
        "GET /projects/{project_id}/canvas",
        "PATCH /projects/{project_id}/canvas",
        "GET /projects/{project_id}/nodes",
        "POST /runs/action",
        "POST /runs/generation",
        "POST /runs/technique",
        "GET /runs/{run_id}",
        "GET /technique-runs",
        "GET /techniques",
        "GET /techniques/{technique_id}",
        "POST /techniques/{technique_id}/runs",
        "GET /techniques/{technique_id}/runs/{run_id}",
        "GET /workspaces",
        "POST /workspaces/{workspace_id}/folders/{folder_id}/projects",
        "POST /workspaces/{workspace_id}/library/folders",
        "DELETE /workspaces/{workspace_id}/library/folders/{folder_id}",
        "POST /workspaces/{workspace_id}/library/folders/{folder_id}/items",
        "POST /workspaces/{workspace_id}/projects",
        "POST /workspaces/{workspace_id}/projects/{project_id}/canvas/changeset",
        "GET /workspaces/{workspace_id}/projects/{project_id}/canvas/definition",
        "PUT /workspaces/{workspace_id}/projects/{project_id}/canvas/definition",
        "GET /workspaces/{workspace_id}/projects/{project_id}/graph",
        "POST /workspaces/{workspace_id}/projects/{project_id}/nodes/run",
    }
)
"""Verb and path, with a name in braces for what varies."""

_BRACES = re.compile(r"\{[^{}/]*\}")
_FIXED = frozenset(_BRACES.sub("", endpoint) for endpoint in ENDPOINTS)


def answers(http_method: str, path: str) -> bool:
    """Returns whether the studio has an endpoint.

    Args:
        http_method: Such as `POST`.
        path: A template below /api/v1, as in `ENDPOINTS`; the names in its braces do not matter.
    """
    return _BRACES.sub("", f"{http_method} {path}") in _FIXED
