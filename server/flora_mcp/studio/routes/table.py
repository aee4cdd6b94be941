"""The endpoints under /api/v1."""

from starlette.routing import BaseRoute

from flora_mcp.studio.routes import (
    actions,
    assets,
    feedback,
    generations,
    library,
    models,
    openapi,
    projects,
    technique_runs,
    techniques,
    workspaces,
)

API_ROUTES: tuple[BaseRoute, ...] = (
    *workspaces.ROUTES,
    *projects.ROUTES,
    *models.ROUTES,
    *actions.ROUTES,
    *techniques.ROUTES,
    *technique_runs.ROUTES,
    *generations.ROUTES,
    *assets.ROUTES,
    *library.ROUTES,
    *feedback.ROUTES,
    *openapi.ROUTES,
)
