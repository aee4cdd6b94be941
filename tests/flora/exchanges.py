"""Each method once: what a caller writes, what FLORA is sent, what it answers, and one way in which it refuses."""

from dataclasses import dataclass, field
from typing import Any

from flora_mcp.flora import errors, types
from flora_mcp.flora.errors import APIError
from flora_mcp.flora.types import Shape

CANVAS_URL = "https://app.flora.ai/projects/prj_1"
PROJECT = {
    "project_id": "prj_1",
    "workspace_id": "ws_1",
    "name": "Foxes",
    "origin": "api",
    "created_at": 1_760_000_000_000,
    "last_modified": None,
}
RUN = {
    "run_id": "run_1",
    "status": "completed",
    "progress": 100,
    "created_at": 1,
    "started_at": 2,
    "completed_at": 3,
    "charged_cost": 0.04,
    "outputs": [{"output_id": "output_1", "type": "imageUrl", "url": "https://media.flora.ai/a.png"}],
    "poll_url": "https://app.flora.ai/api/v1/runs/run_1",
}
START = {
    "run_id": "run_1",
    "type": "generation",
    "charged_cost": 0.04,
    "estimated_seconds": 12,
    "model": {"model_id": "t2i-flux-2-pro"},
    "technique": None,
    "action": None,
    "poll_url": None,
    "project_id": "prj_1",
}
SLOT = {"id": "photo", "name": "Photo", "type": "imageUrl", "optional": True, "accepts_element": False}
TECHNIQUE = {
    "technique_id": "tech_1",
    "name": "Book drop",
    "description": "A book falls.",
    "run_cost": 0.2,
    "inputs": [{**SLOT, "allow_multiple": True, "specified_aspect_ratio": "16:9"}],
    "outputs": [{"id": "film", "name": "Film", "type": "videoUrl", "specified_duration": 5}],
}
ACTION = {
    "action_id": "resize-image-browser",
    "name": "Resize",
    "description": "Resizes.",
    "language": "javascript",
    "charged_cost": 0,
    "inputs": [{"name": "image", "type": "image", "multiple": {"min": 1, "max": 3}}],
    "outputs": [{"name": "image", "type": "image"}],
    "params": [{"key": "width", "type": "number", "default_value": 512, "min_number_value": 1, "number_step": 1}],
}
UPLOAD = {
    "url": "https://storage.example/bucket",
    "method": "POST",
    "content_type": "multipart/form-data",
    "file_field": "file",
    "form_fields": {"key": "a/b", "policy": "p"},
}
RESERVATION = {
    "asset_id": "asset_1",
    "status": "pending_upload",
    "uploaded_via": "signed_url",
    "url": "https://media.flora.ai/a.png",
    "visibility": "workspace",
    "workspace_id": "ws_1",
    "upload": UPLOAD,
    "upload_url": "{}",
    "expires_at": "2026-11-22T12:15:00Z",
}
ASSET = {
    "asset_id": "asset_1",
    "name": "fox.png",
    "description": None,
    "workspace_id": "ws_1",
    "url": "https://media.flora.ai/a.png",
    "content_type": "image/png",
    "upload_content_type": None,
    "uploaded_via": "url",
    "status": "ready",
    "failure_message": None,
    "width": 64,
    "height": None,
    "size_bytes": 100,
    "created_at": "2026-11-22T12:00:00Z",
}
SUMMARY = {"node_count": 2, "edge_count": 1, "group_count": 0, "isolated_node_count": 0, "workflow_count": 1}
GRAPH_NODE = {
    "id": "n1",
    "node_id": "6f1c",
    "type": "image",
    "label": "Fox",
    "prompt": "a fox",
    "model": "Flux",
    "model_id": "t2i-flux-2-pro",
    "params": {"seed": 7},
    "position": {"x": 10, "y": -2.5},
    "status": "done",
    "output_url": "https://media.flora.ai/a.png",
    "output_text": None,
    "action": None,
}
DEFINITION = {
    "nodes": [{"id": "n1", "type": "emptyImageBlock", "data": {"a": 1}, "position": {"x": 0, "y": 0}, "z_index": 1}],
    "edges": [{"id": "e1", "source": "n1", "source_handle": None, "target": "n2", "target_handle": "image"}],
    "node_inputs": {"n1": {"prompt": "a fox"}},
    "node_outputs": {},
}
WHOLE_CANVAS = {"project_id": "prj_1", "canvas_url": CANVAS_URL, "definition": DEFINITION, "summary": SUMMARY}
SOURCE = {"source": "https://example.com/a.png", "workspace_id": "ws_1"}
GENERATION = {"type": "image", "prompt": "a fox", "workspace_id": "ws_1", "project_id": "prj_1"}
MODEL = {
    "model_id": "t2i-a",
    "name": "A",
    "type": "image",
    "provider": "P",
    "capabilities": [],
    "estimated_credits": 4,
    "estimated_seconds": 25,
    "params": [{"name": "seed", "type": "seed", "required": False}],
}

NOT_FOUND = (404, "not_found", errors.NotFoundError)
INVALID = (400, "input_validation_error", errors.BadRequestError)
FORBIDDEN = (403, "forbidden", errors.PermissionDeniedError)
POOR = (402, "insufficient_credits", errors.InsufficientCreditsError)
CONFLICT = (409, "conflict", errors.ConflictError)
UNKNOWN_KEY = (401, "invalid_api_key", errors.AuthenticationError)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One call and its answer."""

    path: str
    arguments: dict[str, Any] = field(default_factory=dict)
    verb: str
    target: str
    """Path and query under the base URL."""
    body: object = None
    """As JSON; None for a request without a body."""
    status: int = 200
    answer: dict[str, Any]
    shape: type[Shape]
    items: str | None = None
    """The key of a list's items."""
    failure: tuple[int, str, type[APIError]]


ON_WORKSPACES = [
    Exchange(
        path="workspaces.list",
        verb="GET",
        target="/workspaces",
        answer={"workspaces": [{"workspace_id": "ws_1", "name": "Team", "role": "admin", "created_at": None}]},
        shape=types.Workspace,
        items="workspaces",
        failure=UNKNOWN_KEY,
    ),
    Exchange(
        path="workspaces.projects.create",
        arguments={"workspace_id": "ws_1", "name": "Foxes"},
        verb="POST",
        target="/workspaces/ws_1/projects",
        body={"name": "Foxes"},
        status=201,
        answer=PROJECT,
        shape=types.Project,
        failure=FORBIDDEN,
    ),
    Exchange(
        path="workspaces.projects.graph",
        arguments={"project_id": "prj_1", "workspace_id": "ws_1"},
        verb="GET",
        target="/workspaces/ws_1/projects/prj_1/graph",
        answer={
            "project_id": "prj_1",
            "canvas_url": CANVAS_URL,
            "revision": "r1",
            "nodes": [GRAPH_NODE],
            "edges": [{"from": "n1", "to": "n2", "in": "image"}, {"from": "n1", "to": "n3", "in": None}],
        },
        shape=types.Graph,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="workspaces.projects.run_nodes",
        arguments={"project_id": "prj_1", "workspace_id": "ws_1", "node_ids": ["n1", "6f1c"]},
        verb="POST",
        target="/workspaces/ws_1/projects/prj_1/nodes/run",
        body={"node_ids": ["n1", "6f1c"]},
        answer={
            "project_id": "prj_1",
            "runs": [
                {"node_id": "n1", "status": "started", "run_id": "run_1", "type": "generation", "charged_cost": None},
                {"node_id": "6f1c", "status": "skipped", "reason": "node_locked", "message": "It is locked."},
            ],
        },
        shape=types.NodeRuns,
        failure=FORBIDDEN,
    ),
    Exchange(
        path="workspaces.projects.canvas.apply_changeset",
        arguments={
            "project_id": "prj_1",
            "workspace_id": "ws_1",
            "add": [{"ref": "fox", "type": "image", "prompt": "a fox", "position": {"x": 1, "y": 2}}],
            "connect": [{"from": "n1", "to": "fox", "in": "image"}],
            "remove": [{"id": "n9"}],
        },
        verb="POST",
        target="/workspaces/ws_1/projects/prj_1/canvas/changeset",
        body={
            "add": [{"ref": "fox", "type": "image", "prompt": "a fox", "position": {"x": 1, "y": 2}}],
            "connect": [{"from": "n1", "to": "fox", "in": "image"}],
            "remove": [{"id": "n9"}],
        },
        answer={
            "project_id": "prj_1",
            "canvas_url": CANVAS_URL,
            "revision": "r2",
            "created": {"fox": {"id": "n4", "node_id": "77aa"}},
            "applied": {"added": 1, "updated": 0, "connected": 1, "disconnected": 0, "removed": 1},
            "warnings": [],
        },
        shape=types.Changes,
        failure=INVALID,
    ),
    Exchange(
        path="workspaces.projects.canvas.retrieve_definition",
        arguments={"project_id": "prj_1", "workspace_id": "ws_1"},
        verb="GET",
        target="/workspaces/ws_1/projects/prj_1/canvas/definition",
        answer=WHOLE_CANVAS,
        shape=types.CanvasDefinition,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="workspaces.projects.canvas.replace_definition",
        arguments={"project_id": "prj_1", "workspace_id": "ws_1", "definition": DEFINITION},
        verb="PUT",
        target="/workspaces/ws_1/projects/prj_1/canvas/definition",
        body={"definition": DEFINITION},
        answer=WHOLE_CANVAS,
        shape=types.CanvasDefinition,
        failure=INVALID,
    ),
    Exchange(
        path="workspaces.folders.create_project",
        arguments={"folder_id": "fld_1", "workspace_id": "ws_1", "name": "Foxes"},
        verb="POST",
        target="/workspaces/ws_1/folders/fld_1/projects",
        body={"name": "Foxes"},
        status=201,
        answer=PROJECT,
        shape=types.Project,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="workspaces.library.folders.create",
        arguments={"workspace_id": "ws_1"},
        verb="POST",
        target="/workspaces/ws_1/library/folders",
        body={},
        status=201,
        answer={"folder_id": "libfolder_1", "name": "Clips", "workspace_id": "ws_1"},
        shape=types.LibraryFolder,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="workspaces.library.folders.delete",
        arguments={"folder_id": "libfolder_1", "workspace_id": "ws_1"},
        verb="DELETE",
        target="/workspaces/ws_1/library/folders/libfolder_1",
        answer={"deleted": True, "folder_id": "libfolder_1", "workspace_id": "ws_1"},
        shape=types.LibraryFolderRemoval,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="workspaces.library.folders.add_item",
        arguments={
            "folder_id": "libfolder_1",
            "workspace_id": "ws_1",
            "type": "image",
            "source": "https://example.com/a.png",
        },
        verb="POST",
        target="/workspaces/ws_1/library/folders/libfolder_1/items",
        body={"type": "image", "source": "https://example.com/a.png"},
        status=201,
        answer={"folder_id": "libfolder_1", "workspace_id": "ws_1", "saved_node_id": "s1", "asset_id": "asset_1"},
        shape=types.LibraryItem,
        failure=INVALID,
    ),
]

ON_PROJECTS = [
    Exchange(
        path="projects.create",
        arguments={"name": "Foxes", "workspace_id": "ws_1"},
        verb="POST",
        target="/projects",
        body={"name": "Foxes", "workspace_id": "ws_1"},
        status=201,
        answer=PROJECT,
        shape=types.Project,
        failure=INVALID,
    ),
    Exchange(
        path="projects.retrieve",
        arguments={"project_id": "prj_1"},
        verb="GET",
        target="/projects/prj_1",
        answer=PROJECT,
        shape=types.Project,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="projects.list",
        arguments={"workspace_id": "ws_1", "query": "fox es", "limit": 5},
        verb="GET",
        target="/projects?workspace_id=ws_1&query=fox%20es&limit=5",
        answer={"projects": [PROJECT], "meta": {"next_cursor": None}},
        shape=types.Project,
        items="projects",
        failure=NOT_FOUND,
    ),
    Exchange(
        path="projects.list_nodes",
        arguments={"project_id": "prj_1", "cursor": "c1"},
        verb="GET",
        target="/projects/prj_1/nodes?cursor=c1",
        answer={"nodes": [{"node_id": "n", "type": "text", "url": "hello", "width": None}], "meta": {}},
        shape=types.Node,
        items="nodes",
        failure=NOT_FOUND,
    ),
    Exchange(
        path="projects.assets.attach_asset",
        arguments={"asset_id": "asset_1", "project_id": "prj_1"},
        verb="POST",
        target="/projects/prj_1/assets/asset_1/attach",
        answer={"asset_id": "asset_1", "node_id": "6f1c", "project_id": "prj_1", "canvas_url": CANVAS_URL},
        shape=types.AssetPlacement,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="projects.canvas.retrieve",
        arguments={"project_id": "prj_1"},
        verb="GET",
        target="/projects/prj_1/canvas",
        answer={"project_id": "prj_1", "canvas_url": CANVAS_URL, "diagram": "graph LR", "summary": SUMMARY},
        shape=types.CanvasDiagram,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="projects.canvas.update",
        arguments={
            "project_id": "prj_1",
            "diagram": 'graph LR\n  a["(Image)"]',
            "node_params": {"a": {"content_url": "https://example.com/a.png", "prompt": None}},
        },
        verb="PATCH",
        target="/projects/prj_1/canvas",
        body={
            "diagram": 'graph LR\n  a["(Image)"]',
            "node_params": {"a": {"content_url": "https://example.com/a.png", "prompt": None}},
        },
        answer={
            "project_id": "prj_1",
            "canvas_url": CANVAS_URL,
            "diagram": "graph LR",
            "created_node_count": 1,
            "created_edge_count": 0,
            "warnings": ["subgraph is not applied"],
        },
        shape=types.DiagramChanges,
        failure=INVALID,
    ),
    Exchange(
        path="projects.actions.create",
        arguments={"project_id": "prj_1", "action_id": "resize-image-browser", "params": {"width": 64}},
        verb="POST",
        target="/projects/prj_1/actions",
        body={"action_id": "resize-image-browser", "params": {"width": 64}},
        status=201,
        answer={
            "action_id": "resize-image-browser",
            "node_id": "6f1c",
            "project_id": "prj_1",
            "canvas_url": CANVAS_URL,
        },
        shape=types.ActionNode,
        failure=INVALID,
    ),
    Exchange(
        path="projects.actions.run",
        arguments={"node_id": "n1/é", "project_id": "prj_1"},
        verb="POST",
        target="/projects/prj_1/actions/n1%2F%C3%A9/run",
        answer={**START, "type": "action", "action": {"action_id": "resize-image-browser"}},
        shape=types.RunStart,
        failure=FORBIDDEN,
    ),
]

ON_RUNS = [
    Exchange(
        path="models.list",
        arguments={"type": "image"},
        verb="GET",
        target="/models?type=image",
        answer={"models": [MODEL]},
        shape=types.Model,
        items="models",
        failure=INVALID,
    ),
    Exchange(
        path="generations.create",
        arguments={**GENERATION, "model": "t2i-a", "params": {"seed": 7}, "callback_url": "https://example.com/hook"},
        verb="POST",
        target="/generate",
        body={**GENERATION, "model": "t2i-a", "params": {"seed": 7}, "callback_url": "https://example.com/hook"},
        status=201,
        answer=START,
        shape=types.RunStart,
        failure=POOR,
    ),
    Exchange(
        path="generations.retrieve",
        arguments={"run_id": "run_1"},
        verb="GET",
        target="/runs/run_1",
        answer=RUN,
        shape=types.RunState,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="generations.list",
        arguments={"project_id": "prj_1", "status": "running"},
        verb="GET",
        target="/generations?project_id=prj_1&status=running",
        answer={
            "generations": [{**RUN, "generation_id": "run_1", "model": {"model_id": None}}],
            "meta": {"next_cursor": None, "total_estimate": None},
        },
        shape=types.Generation,
        items="generations",
        failure=NOT_FOUND,
    ),
    Exchange(
        path="techniques.list",
        arguments={"query": "book", "workspace_id": "ws_1", "limit": 100},
        verb="GET",
        target="/techniques?query=book&workspace_id=ws_1&limit=100",
        answer={"techniques": [TECHNIQUE], "meta": {"next_cursor": None}},
        shape=types.Technique,
        items="techniques",
        failure=NOT_FOUND,
    ),
    Exchange(
        path="techniques.retrieve",
        arguments={"technique_id": "book-drop"},
        verb="GET",
        target="/techniques/book-drop",
        answer=TECHNIQUE,
        shape=types.Technique,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="techniques.runs.create",
        arguments={
            "technique_id": "book-drop",
            "inputs": [{"id": "photo", "type": "imageUrl", "value": "https://example.com/a.png"}],
            "idempotency_key": "row-17",
        },
        verb="POST",
        target="/techniques/book-drop/runs",
        body={
            "inputs": [{"id": "photo", "type": "imageUrl", "value": "https://example.com/a.png"}],
            "mode": "async",
            "idempotency_key": "row-17",
        },
        status=201,
        answer={"run_id": "run_1", "status": "pending", "progress": 0, "created_at": 1},
        shape=types.RunState,
        failure=POOR,
    ),
    Exchange(
        path="techniques.runs.retrieve",
        arguments={"run_id": "run_1", "technique_id": "tech_1"},
        verb="GET",
        target="/techniques/tech_1/runs/run_1",
        answer=RUN,
        shape=types.RunState,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="techniques.runs.list",
        arguments={"workspace_id": "ws_1", "technique_id": "tech_1", "status": "failed", "limit": 1},
        verb="GET",
        target="/technique-runs?workspace_id=ws_1&technique_id=tech_1&status=failed&limit=1",
        answer={
            "technique_runs": [
                {**RUN, "technique_run_id": "run_1", "technique": {"technique_id": "tech_1", "name": "Book drop"}}
            ],
            "meta": {"next_cursor": None},
        },
        shape=types.TechniqueRun,
        items="technique_runs",
        failure=NOT_FOUND,
    ),
    Exchange(
        path="runs.start_generation",
        arguments=GENERATION,
        verb="POST",
        target="/runs/generation",
        body=GENERATION,
        status=201,
        answer=START,
        shape=types.RunStart,
        failure=POOR,
    ),
    Exchange(
        path="runs.start_technique",
        arguments={"technique_id": "tech_1", "workspace_id": "ws_1", "inputs": {"photo": "https://example.com/a.png"}},
        verb="POST",
        target="/runs/technique",
        body={"technique_id": "tech_1", "workspace_id": "ws_1", "inputs": {"photo": "https://example.com/a.png"}},
        status=201,
        answer={**START, "type": "technique", "technique": {"technique_id": "tech_1", "name": "Book drop"}},
        shape=types.RunStart,
        failure=INVALID,
    ),
]

ON_FILES = [
    Exchange(
        path="assets.create",
        arguments={
            **SOURCE,
            "folder": "in",
            "project_id": "prj_1",
        },
        verb="POST",
        target="/assets",
        body={**SOURCE, "folder": "in", "project_id": "prj_1"},
        status=201,
        answer={**RESERVATION, "status": "ready", "uploaded_via": "url"},
        shape=types.AssetUpload,
        failure=INVALID,
    ),
    Exchange(
        path="assets.complete",
        arguments={"asset_id": "asset_1"},
        verb="POST",
        target="/assets/asset_1/complete",
        answer={"asset_id": "asset_1", "status": "failed", "url": None, "failure_message": "Too many pixels."},
        shape=types.AssetUpload,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="assets.retry",
        arguments={"asset_id": "asset_1"},
        verb="POST",
        target="/assets/asset_1/retry",
        answer=RESERVATION,
        shape=types.AssetUpload,
        failure=CONFLICT,
    ),
    Exchange(
        path="assets.retrieve",
        arguments={"asset_id": "asset_1"},
        verb="GET",
        target="/assets/asset_1",
        answer=ASSET,
        shape=types.Asset,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="assets.list",
        arguments={"workspace_id": "ws_1", "query": "fox"},
        verb="GET",
        target="/assets?workspace_id=ws_1&query=fox",
        answer={"assets": [{**ASSET, "asset_id": None, "created_at": 1}], "meta": {"next_cursor": None}},
        shape=types.Asset,
        items="assets",
        failure=NOT_FOUND,
    ),
    Exchange(
        path="actions.list",
        verb="GET",
        target="/actions",
        answer={"actions": [ACTION]},
        shape=types.Action,
        items="actions",
        failure=UNKNOWN_KEY,
    ),
    Exchange(
        path="actions.retrieve",
        arguments={"action_id": "resize-image-browser"},
        verb="GET",
        target="/actions/resize-image-browser",
        answer=ACTION,
        shape=types.Action,
        failure=NOT_FOUND,
    ),
    Exchange(
        path="actions.run",
        arguments={
            "action_id": "resize-image-browser",
            "inputs": [{"type": "image", "url": "https://media.flora.ai/a.png"}],
            "project_id": "prj_1",
            "workspace_id": "ws_1",
            "params": {"width": 64},
        },
        verb="POST",
        target="/runs/action",
        body={
            "action_id": "resize-image-browser",
            "inputs": [{"type": "image", "url": "https://media.flora.ai/a.png"}],
            "project_id": "prj_1",
            "workspace_id": "ws_1",
            "params": {"width": 64},
        },
        status=201,
        answer={**START, "type": "action", "action": {"action_id": "resize-image-browser"}},
        shape=types.RunStart,
        failure=FORBIDDEN,
    ),
    Exchange(
        path="feedback.record",
        arguments={"kind": "bug", "summary": "s", "detail": "d", "attempted_tools": ["execute"], "run_id": "run_1"},
        verb="POST",
        target="/feedback",
        body={"kind": "bug", "summary": "s", "detail": "d", "attempted_tools": ["execute"], "run_id": "run_1"},
        status=201,
        answer={"feedback_id": "fb_1", "received_at": 1},
        shape=types.FeedbackReceipt,
        failure=INVALID,
    ),
]

EXCHANGES = [*ON_WORKSPACES, *ON_PROJECTS, *ON_RUNS, *ON_FILES]
"""The forty methods of the SDK 0.11."""
