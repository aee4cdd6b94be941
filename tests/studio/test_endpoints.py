"""Which endpoints the studio says it has."""

import pytest
from starlette.endpoints import HTTPEndpoint
from starlette.routing import Route

from flora_mcp.studio.endpoints import ENDPOINTS, answers
from flora_mcp.studio.routes.table import API_ROUTES


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
    assert answers(http_method, path) is answered


def verbs(route: Route) -> set[str]:
    if isinstance(route.endpoint, type) and issubclass(route.endpoint, HTTPEndpoint):
        return {verb for verb in ("GET", "POST", "PUT", "PATCH", "DELETE") if hasattr(route.endpoint, verb.lower())}
    return (route.methods or set()) - {"HEAD"}


def test_what_it_says_is_what_it_answers() -> None:
    routes = [route for route in API_ROUTES if isinstance(route, Route)]
    assert len(routes) == len(API_ROUTES)
    assert {f"{verb} {route.path}" for route in routes for verb in verbs(route)} == ENDPOINTS
