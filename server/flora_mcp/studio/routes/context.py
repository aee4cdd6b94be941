"""What every endpoint works with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from starlette.requests import Request

from flora_mcp.studio.catalog import ActionCatalog, Catalog
from flora_mcp.studio.ids import IdSource
from flora_mcp.studio.intake import Intake
from flora_mcp.studio.links import Links
from flora_mcp.studio.media import MediaStore
from flora_mcp.studio.store import Database
from flora_mcp.studio.web import Web


@dataclass(kw_only=True)
class Context:
    """The parts of one studio; `open` says whether they are running."""

    database: Database
    media: MediaStore
    links: Links
    intake: Intake
    web: Web
    catalog: Catalog
    actions: ActionCatalog
    ids: IdSource
    clock_ms: Callable[[], int]
    public_url: str
    wake: Callable[[], None]
    open: bool = False

    def canvas_url(self, project_id: str) -> str:
        """Returns the page of a project, which on FLORA shows the canvas; this studio has no page there (choice)."""
        return f"{self.public_url}/projects/{project_id}"

    def poll_url(self, run_id: str) -> str:
        return f"{self.public_url}/api/v1/runs/{run_id}"

    def technique_poll_url(self, run_id: str, *, technique_id: str) -> str:
        return f"{self.public_url}/api/v1/techniques/{technique_id}/runs/{run_id}"


def context_of(request: Request) -> Context:
    """Returns the studio that a request is for."""
    return cast("Context", request.app.state.context)
