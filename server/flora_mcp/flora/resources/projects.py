"""Projects: the canvases on which generations are placed."""

from __future__ import annotations

from flora_mcp.flora.arguments import IdempotencyKey, Limit, ProjectId, Text, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.resources.project_actions import ProjectActions
from flora_mcp.flora.resources.project_assets import ProjectAssets
from flora_mcp.flora.resources.project_canvas import ProjectCanvas
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.types import Node, Project


class Projects(Resource):
    """Projects and the media on them."""

    assets: ProjectAssets
    canvas: ProjectCanvas
    actions: ProjectActions

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.assets = ProjectAssets(wire)
        self.canvas = ProjectCanvas(wire)
        self.actions = ProjectActions(wire)

    @Operation(
        verb="POST",
        path="/projects",
        creates="project",
        find="client.projects.list(workspace_id={workspace_id!r}, query={name!r})",
    )
    async def create(
        self, *, name: Text, workspace_id: WorkspaceId, idempotency_key: IdempotencyKey | None = None
    ) -> Project:
        """Creates an empty project; free.

        Args:
            name: What people see in FLORA; need not be unique.
            workspace_id: From `client.workspaces.list()`.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The project; its `project_id` is what `generations.create` needs.

        Raises:
            BadRequestError: the workspace refuses the name, or new projects.
            PermissionDeniedError: the role does not allow it.
            OutcomeUncertainError: no clear answer came; the project perhaps exists.

        Source: sdk:resources/projects/projects.ts
        """
        arguments = {"name": name, "workspace_id": workspace_id, "idempotency_key": idempotency_key}
        return await self._ask(Projects.create, Project, arguments)

    @Operation(verb="GET", path="/projects/{project_id}")
    async def retrieve(self, project_id: ProjectId) -> Project:
        """Reads one project.

        Args:
            project_id: From `client.projects.list(...)` or `client.projects.create(...)`.

        Returns:
            The project; times are Unix milliseconds.

        Raises:
            NotFoundError: there is none, or it is not yours; FLORA does not tell which.

        Source: sdk:resources/projects/projects.ts
        """
        return await self._ask(Projects.retrieve, Project, {"project_id": project_id})

    @Operation(verb="GET", path="/projects", items="projects")
    def list(
        self,
        *,
        workspace_id: WorkspaceId,
        query: str | None = None,
        cursor: str | None = None,
        limit: Limit | None = None,
    ) -> Pages[Project]:
        """Lists the projects of a workspace, the most recently used first.

        Args:
            workspace_id: From `client.workspaces.list()`.
            query: Only projects whose name matches; many projects are called "Untitled".
            cursor: Where to go on, from the page before.
            limit: Projects on a page, 1 to 100.

        Returns:
            Pages of projects; `async for` reads them all, `await` reads one.

        Raises:
            NotFoundError: the workspace is not yours.

        Source: sdk:resources/projects/projects.ts
        """
        arguments = {"workspace_id": workspace_id, "query": query, "cursor": cursor, "limit": limit}
        return self._pages(Projects.list, Project, arguments)

    @Operation(verb="GET", path="/projects/{project_id}/nodes", items="nodes")
    def list_nodes(
        self, project_id: ProjectId, *, cursor: str | None = None, limit: Limit | None = None
    ) -> Pages[Node]:
        """Lists the visible media on a project's canvas: pictures, videos, sounds and texts.

        Nodes that made nothing yet, and groups, are not among them.

        Args:
            project_id: From `client.projects.list(...)`.
            cursor: Where to go on, from the page before.
            limit: Nodes on a page, 1 to 100.

        Returns:
            Pages of nodes; a text node holds the text itself in `url`; `width` and `height` are in pixels.

        Raises:
            NotFoundError: there is no such project, or it is not yours.

        Source: sdk:resources/projects/projects.ts
        """
        arguments = {"project_id": project_id, "cursor": cursor, "limit": limit}
        return self._pages(Projects.list_nodes, Node, arguments)
