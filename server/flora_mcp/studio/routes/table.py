"""The endpoints under /api/v1, and which requests they answer."""

import re

from starlette.endpoints import HTTPEndpoint
from starlette.routing import BaseRoute, Match, Route

from flora_mcp.studio.routes import actions, assets, feedback, generations, library, models, projects, workspaces

API_ROUTES: tuple[BaseRoute, ...] = (
    *workspaces.ROUTES,
    *projects.ROUTES,
    *models.ROUTES,
    *actions.ROUTES,
    *generations.ROUTES,
    *assets.ROUTES,
    *library.ROUTES,
    *feedback.ROUTES,
)


def answers(http_method: str, path: str) -> bool:
    """Returns whether there is an endpoint for a method and a path below /api/v1.

    Args:
        http_method: Such as `POST`.
        path: Concrete, or with a name in braces for what varies: `/projects/{project_id}/nodes`.
    """
    # A segment of its own kind: no route has a fixed segment of this name.
    concrete = re.sub(r"\{[^{}/]*\}", "-", path)
    scope = {"type": "http", "method": http_method, "path": concrete, "root_path": "", "headers": []}
    return any(_answers(route, http_method) for route in API_ROUTES if route.matches(dict(scope))[0] is Match.FULL)


def _answers(route: BaseRoute, http_method: str) -> bool:
    """Tells an endpoint class's own methods, which Starlette's match leaves to the class."""
    assert isinstance(route, Route)
    if isinstance(route.endpoint, type) and issubclass(route.endpoint, HTTPEndpoint):
        return hasattr(route.endpoint, http_method.lower())
    return True
