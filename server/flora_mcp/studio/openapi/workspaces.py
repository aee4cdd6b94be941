"""Workspaces, their library, and what users tell of the API."""

from typing import Annotated, Literal

from flora_mcp.studio.openapi.operation import CREATED, Operation
from flora_mcp.studio.openapi.shapes import Answer, AssetId, LibraryFolderId, Time, Url, WorkspaceId, absent, id_of
from flora_mcp.studio.routes.feedback import NewFeedback
from flora_mcp.studio.routes.library import NewFolder, NewItem

LIBRARY = {"folder_id": "library_folder_id"}


class Workspace(Answer):
    """A team and its credits, and the caller's role in it (sdk:resources/workspaces/workspaces.ts)."""

    workspace_id: WorkspaceId
    name: str
    role: str
    created_at: Time | None


class Workspaces(Answer):
    """Every workspace that the caller reaches."""

    workspaces: list[Workspace]


class LibraryFolder(Answer):
    """A folder of saved pictures and texts (sdk:resources/workspaces/library/folders.ts)."""

    folder_id: LibraryFolderId
    name: str
    workspace_id: WorkspaceId


class RemovedFolder(Answer):
    """A folder that is gone."""

    deleted: Literal[True]
    folder_id: LibraryFolderId
    workspace_id: WorkspaceId


class SavedItem(Answer):
    """A picture or a text that was saved."""

    folder_id: LibraryFolderId
    workspace_id: WorkspaceId
    saved_node_id: str
    asset_id: AssetId = absent()
    url: Url | None = absent()


class Receipt(Answer):
    """That an opinion was received."""

    feedback_id: Annotated[str, id_of("fb_")]
    received_at: Time


OPERATIONS = (
    Operation(
        endpoint="GET /workspaces",
        name="workspaces.list",
        summary="Lists the workspaces that the caller reaches.",
        answer=Workspaces,
    ),
    Operation(
        endpoint="POST /workspaces/{workspace_id}/library/folders",
        name="workspaces.library.folders.create",
        summary="Makes a folder of the library.",
        answer=LibraryFolder,
        body=NewFolder,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="DELETE /workspaces/{workspace_id}/library/folders/{folder_id}",
        name="workspaces.library.folders.delete",
        ids=LIBRARY,
        summary="Deletes a folder of the library; what was saved in it stays.",
        answer=RemovedFolder,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="POST /workspaces/{workspace_id}/library/folders/{folder_id}/items",
        name="workspaces.library.folders.addItem",
        ids=LIBRARY,
        summary="Saves a picture or a text in the library.",
        answer=SavedItem,
        body=NewItem,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="POST /feedback",
        name="feedback.record",
        summary="Takes note of an opinion.",
        answer=Receipt,
        body=NewFeedback,
        status=CREATED,
        refusals=(400,),
        keyed=True,
    ),
)
