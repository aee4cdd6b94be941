"""Projects and what is to be seen in them."""

from typing import Annotated

from pydantic import Field

from flora_mcp.studio.openapi.operation import CREATED, IDS, PAGE, Operation
from flora_mcp.studio.openapi.shapes import Answer, AssetId, MediaType, Meta, ProjectId, Time, Url, WorkspaceId
from flora_mcp.studio.routes.requests import NewProject, NewWorkspaceProject

Pixels = Annotated[int, Field(ge=1)]


class Project(Answer):
    """A canvas in a workspace (sdk:resources/projects/projects.ts)."""

    project_id: ProjectId
    workspace_id: WorkspaceId
    name: str
    origin: str | None
    created_at: Time
    last_modified: Time | None


class Projects(Answer):
    """A page of projects, those of the latest activity first."""

    projects: list[Project]
    meta: Meta


class VisibleNode(Answer):
    """A picture, film, sound or text on a canvas; of a text `url` is the text itself."""

    node_id: str
    type: MediaType
    asset_id: AssetId | None
    label: str | None
    url: str | None
    width: Pixels | None
    height: Pixels | None


class VisibleNodes(Answer):
    """A page of a canvas's visible nodes."""

    nodes: list[VisibleNode]
    meta: Meta


class Placement(Answer):
    """An asset that was put on a canvas."""

    asset_id: AssetId
    node_id: str
    project_id: ProjectId
    canvas_url: Url


OPERATIONS = (
    Operation(
        endpoint="GET /projects",
        name="projects.list",
        summary="Lists the projects of a workspace.",
        answer=Projects,
        query={"workspace_id": IDS["workspace_id"], "query": {"type": "string"}, **PAGE},
        required=frozenset({"workspace_id"}),
        refusals=(400, 404),
    ),
    Operation(
        endpoint="POST /projects",
        name="projects.create",
        summary="Makes an empty project.",
        answer=Project,
        body=NewProject,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="GET /projects/{project_id}",
        name="projects.retrieve",
        summary="Reads a project.",
        answer=Project,
        refusals=(400, 404),
    ),
    Operation(
        endpoint="GET /projects/{project_id}/nodes",
        name="projects.listNodes",
        summary="Lists what is to be seen on a canvas.",
        answer=VisibleNodes,
        query=PAGE,
        refusals=(400, 404),
    ),
    Operation(
        endpoint="POST /projects/{project_id}/assets/{asset_id}/attach",
        name="projects.assets.attachAsset",
        summary="Puts an asset on a canvas.",
        answer=Placement,
        status=CREATED,
        refusals=(400, 404, 409),
        keyed=True,
    ),
    Operation(
        endpoint="POST /workspaces/{workspace_id}/projects",
        name="workspaces.projects.create",
        summary="Makes an empty project in the workspace of the path.",
        answer=Project,
        body=NewWorkspaceProject,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="POST /workspaces/{workspace_id}/folders/{folder_id}/projects",
        name="workspaces.folders.createProject",
        summary="Makes an empty project in a folder.",
        answer=Project,
        body=NewWorkspaceProject,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
)
