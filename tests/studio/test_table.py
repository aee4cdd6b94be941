"""Which endpoints the studio says it has."""

import pytest

from flora_mcp.studio import Studio


@pytest.mark.parametrize(
    ("http_method", "path", "answered"),
    [
        ("GET", "/workspaces", True),
        ("POST", "/workspaces", False),
        ("GET", "/projects", True),
        ("POST", "/projects", True),
        ("DELETE", "/projects", False),
        ("GET", "/projects/{project_id}/nodes", True),
        ("GET", "/projects/{projectId}", True),
        ("GET", "/projects/prj_1", True),
        ("POST", "/workspaces/{workspace_id}/projects", True),
        ("POST", "/generate", True),
        ("GET", "/generate", False),
        ("POST", "/assets/{asset_id}/retry", True),
        ("POST", "/projects/{project_id}/assets/{asset_id}/attach", True),
        ("POST", "/workspaces/{workspace_id}/folders/{folder_id}/projects", True),
        ("DELETE", "/workspaces/{workspace_id}/library/folders/{folder_id}", True),
        ("POST", "/feedback", True),
        ("GET", "/actions/{action_id}", True),
        ("POST", "/runs/action", True),
        ("GET", "/nowhere", False),
        ("GET", "/runs/{run_id}/more", False),
    ],
)
def test_the_studio_knows_its_endpoints(http_method: str, path: str, answered: bool) -> None:
    assert Studio.answers(http_method, path) is answered
