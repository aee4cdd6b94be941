"""The project whose canvas a request is about, and who may see and change it."""

from dataclasses import dataclass

import sqlalchemy as sa
from starlette.requests import Request

from flora_mcp.studio import errors
from flora_mcp.studio.callers import Caller, caller_of
from flora_mcp.studio.canvas.canvas import Canvas
from flora_mcp.studio.canvas.graph import File, State
from flora_mcp.studio.canvas.offer import Offer
from flora_mcp.studio.canvas.operations import Media
from flora_mcp.studio.routes.context import Context, context_of
from flora_mcp.studio.routes.requests import path_id
from flora_mcp.studio.store import canvas as canvases
from flora_mcp.studio.store import graphs, idempotency, projects, workspaces


@dataclass(frozen=True, kw_only=True)
class Here:
    """One request about one canvas.

    Attributes:
        workspace_id: From the path; None where the path names none.
        key: The Idempotency-Key.
    """

    context: Context
    caller: Caller
    project_id: str
    workspace_id: str | None
    key: str | None

    @property
    def offer(self) -> Offer:
        return Offer(catalog=self.context.catalog, actions=self.context.actions)

    @property
    def canvas_url(self) -> str:
        return self.context.canvas_url(self.project_id)

    def project(self, connection: sa.Connection) -> sa.RowMapping:
        """Returns the project, when the caller may see it.

        Raises:
            ApiError: 404, it is missing, another's, or not in the workspace of the path.
        """
        if self.workspace_id is not None:
            workspaces.get(connection, self.workspace_id, caller=self.caller)
        row = projects.get(connection, self.project_id, caller=self.caller)
        if self.workspace_id not in (None, row["workspace_id"]):
            raise errors.not_found(f"Project {self.project_id!r} was not found in workspace {self.workspace_id!r}.")
        return row

    def change(self, connection: sa.Connection, operation: str) -> sa.RowMapping:
        """Returns the project, when the caller may change it; other changes of the canvas wait from here on.

        Raises:
            ApiError: As `project`; 403, the caller only reads; 409, the key was used.
        """
        row = self.project(connection)
        self.caller.check_role()
        now_ms = self.context.clock_ms()
        idempotency.claim(
            connection,
            self.key,
            workspace_id=row["workspace_id"],
            operation=operation,
            destination=self.project_id,
            now_ms=now_ms,
        )
        canvases.lock(connection, self.project_id)
        return row

    def read(self, connection: sa.Connection) -> tuple[Canvas, dict[str, State]]:
        """Returns the canvas, and what its nodes show."""
        return graphs.read(connection, self.project_id), graphs.states(connection, self.project_id)

    def write(self, connection: sa.Connection, *, before: Canvas, after: Canvas) -> None:
        """Replaces the canvas that was read."""
        now_ms = self.context.clock_ms()
        graphs.write(connection, self.project_id, before=before, after=after, now_ms=now_ms)
        projects.touch(connection, self.project_id, now_ms=now_ms)

    def address(self, file: File) -> str:
        """Returns where what a node shows can be fetched."""
        return self.context.links.media(owner_id=file.owner_id, file_name=file.file_name)

    def own_media(self, connection: sa.Connection, url: str) -> Media | None:
        """Returns the media behind an address of this studio; None when there are none."""
        address = self.context.links.media_of(url)
        return None if address is None else graphs.media(connection, address)


def here(request: Request) -> Here:
    """Returns what a request is about; its path names a project and perhaps a workspace."""
    named = "workspace_id" in request.path_params
    return Here(
        context=context_of(request),
        caller=caller_of(request),
        project_id=path_id(request, "project_id", prefix="prj_"),
        workspace_id=path_id(request, "workspace_id", prefix="ws_") if named else None,
        key=request.headers.get("idempotency-key"),
    )
