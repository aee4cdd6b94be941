"""Where work lives: workspaces, projects and what is on a project's canvas."""

from __future__ import annotations

from flora_mcp.flora.types.values import Number, Shape


class Workspace(Shape):
    """A team and its credits (`sdk:resources/workspaces/workspaces.ts`)."""

    workspace_id: str
    """Starts with `ws_`."""
    name: str
    role: str | None = None
    """Your role in it, such as `admin` or `member`."""
    created_at: Number | None = None
    """Unix milliseconds (`choice`: FLORA publishes no unit)."""


class Project(Shape):
    """A canvas in a workspace (`sdk:resources/projects/projects.ts`)."""

    project_id: str
    """Starts with `prj_`."""
    workspace_id: str
    name: str
    origin: str | None = None
    """Who made it: `api`, `canvas` (a person) or `chat` (an agent) have been seen."""
    created_at: Number
    """Unix milliseconds (`choice`)."""
    last_modified: Number | None = None
    """Unix milliseconds (`choice`)."""


class Node(Shape):
    """One visible media on a project's canvas (`sdk:resources/projects/projects.ts`)."""

    node_id: str
    type: str
    """`image`, `video`, `audio` or `text`."""
    asset_id: str | None = None
    label: str | None = None
    url: str | None = None
    """Where the media is; for `text` the text itself."""
    width: Number | None = None
    """In pixels."""
    height: Number | None = None
    """In pixels."""


class LibraryFolder(Shape):
    """A folder of saved pictures and texts (`sdk:resources/workspaces/library/folders.ts`)."""

    folder_id: str
    """Starts with `libfolder_`."""
    name: str
    workspace_id: str


class LibraryFolderRemoval(Shape):
    """A library folder that is gone (`sdk:resources/workspaces/library/folders.ts`)."""

    deleted: bool
    folder_id: str
    workspace_id: str


class LibraryItem(Shape):
    """A picture or text that was saved (`sdk:resources/workspaces/library/folders.ts`)."""

    folder_id: str
    workspace_id: str
    saved_node_id: str
    asset_id: str | None = None
    url: str | None = None


class FeedbackReceipt(Shape):
    """That FLORA took note (`sdk:resources/feedback.ts`)."""

    feedback_id: str
    """Starts with `fb_`."""
    received_at: Number
    """Unix milliseconds (`choice`)."""
