"""The endpoints under /api/v1."""

from starlette.routing import BaseRoute

from flora_mcp.studio.routes import (
    actions,
    assets,
    canvas,
    canvas_diagram,
    canvas_runs,
    feedback,
    generations,
    library,
    models,
    projects,
    technique_runs,
    techniques,
    workspaces,
)

API_ROUTES: tuple[BaseRoute, ...] = (
    *workspaces.ROUTES,
    *projects.ROUTES,
    *canvas.ROUTES,
    *canvas_diagram.ROUTES,
    *canvas_runs.ROUTES,
    *models.ROUTES,
    *actions.ROUTES,
    *techniques.ROUTES,
    *technique_runs.ROUTES,
    *generations.ROUTES,
    *assets.ROUTES,
    *library.ROUTES,
    *feedback.ROUTES,
)
