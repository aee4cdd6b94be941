"""A FLORA whose runs end when a test says so."""

import io
from collections import Counter
from typing import Any

import anyio
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

WORKSPACE = "ws_1"
PROJECT = "prj_1"


def png(colour: str = "teal") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(buffer, "PNG")
    return buffer.getvalue()


def error(status: int, code: str, message: str) -> JSONResponse:
    body = {"error": {"code": code, "message": message}}
    return JSONResponse(body, status_code=status, headers={"request-id": "req_1", "x-should-retry": "false"})


class FakeFlora:
    """Answers what the server asks; `balance` is the number of runs that can still be paid."""

    def __init__(self, *, balance: int = 1000) -> None:
        self.runs: dict[str, dict[str, Any]] = {}
        self.created: list[dict[str, Any]] = []
        self.projects: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.techniques: dict[str, str] = {}
        """The technique of each run of one; such a run is read there only."""
        self.requests: Counter[str] = Counter()
        self.balance = balance
        self.media_status = 200
        self.slow = anyio.Event()
        """Until it is set, whoever asks for something slow gets no answer."""
        self.models: list[dict[str, Any]] | None = None
        """None answers as if there were no catalogue."""
        self._arrived = anyio.Event()
        self.app = Starlette(
            routes=[
                Route("/api/v1/workspaces", self._workspaces),
                Route("/api/v1/projects", self._projects, methods=["GET", "POST"]),
                Route("/api/v1/models", self._models),
                Route("/api/v1/generate", self._generate, methods=["POST"]),
                Route("/api/v1/runs/generation", self._generate, methods=["POST"]),
                Route("/api/v1/generations", self._list),
                Route("/api/v1/runs/{run_id}", self._retrieve),
                Route("/api/v1/techniques/{technique_id}/runs", self._run_technique, methods=["POST"]),
                Route("/api/v1/techniques/{technique_id}/runs/{run_id}", self._retrieve_technique_run),
                Route("/api/v1/workspaces/{w}/projects/{p}/nodes/run", self._run_nodes, methods=["POST"]),
                Route("/api/v1/workspaces/{w}/projects/{p}/canvas/changeset", self._change, methods=["POST"]),
                Route("/media/{name}", self._media),
            ]
        )

    async def has(self, count: int) -> None:
        """Returns when so many runs were created."""
        while len(self.runs) < count:
            await self._arrived.wait()

    def add_project(self, name: str, **facts: Any) -> None:
        project = {"project_id": PROJECT, "origin": "api", "created_at": 1, "last_modified": None, "name": name}
        self.projects.append({**project, **facts})

    def finish(self, run_id: str, **facts: Any) -> None:
        """Completes a run, or ends it as `facts` say."""
        output = {"output_id": "output_1", "type": "imageUrl", "url": f"http://studio.localhost/media/{run_id}.png"}
        done = {"status": "completed", "progress": 100, "charged_cost": 0.05, "outputs": [output]}
        self.runs[run_id].update({**done, **facts})

    async def _workspaces(self, request: Request) -> Response:
        self.requests["workspaces"] += 1
        return JSONResponse(
            {"workspaces": [{"workspace_id": WORKSPACE, "name": "Team", "role": "admin", "created_at": 1}]}
        )

    async def _projects(self, request: Request) -> Response:
        if request.method == "POST":
            self.add_project(**await request.json())
            return JSONResponse(self.projects[-1], status_code=201)
        return JSONResponse({"projects": self.projects, "meta": {"next_cursor": None}})

    async def _models(self, request: Request) -> Response:
        self.requests["models"] += 1
        return error(404, "not_found", "Not found.") if self.models is None else JSONResponse({"models": self.models})

    async def _generate(self, request: Request) -> Response:
        body = await request.json()
        if body["prompt"] == "slow":
            self.requests["slow"] += 1
            await self.slow.wait()
        if len(self.created) >= self.balance:
            return error(402, "insufficient_credits", "Insufficient credits.")
        if body["prompt"] == "refused":
            return error(400, "input_validation_error", "prompt: refused")
        if body["prompt"] == "lost":
            self.requests["lost"] += 1
            body = b"<h1>Bad gateway</h1>"
            return Response(body, status_code=502, headers={"retry-after-ms": "1"}, media_type="text/html")
        run_id = self._start(body)
        start = {"run_id": run_id, "type": "generation", "charged_cost": 0.04, "estimated_seconds": 5}
        return JSONResponse({**start, "model": {"model_id": body.get("model") or "t2i-fake"}}, status_code=201)

    def _start(self, body: dict[str, Any]) -> str:
        self.created.append(body)
        run_id = f"run_{len(self.created)}"
        self.runs[run_id] = {"run_id": run_id, "status": "pending", "progress": 0, "created_at": len(self.created)}
        self._arrived.set()
        self._arrived = anyio.Event()
        return run_id

    async def _run_technique(self, request: Request) -> Response:
        run_id = self._start(await request.json())
        self.techniques[run_id] = request.path_params["technique_id"]
        return JSONResponse(self.runs[run_id], status_code=201)

    async def _retrieve_technique_run(self, request: Request) -> Response:
        run_id = request.path_params["run_id"]
        if self.techniques.get(run_id) != request.path_params["technique_id"]:
            return error(404, "not_found", "Not found.")
        return JSONResponse(self.runs[run_id])

    async def _run_nodes(self, request: Request) -> Response:
        body = await request.json()
        runs = [{"node_id": node_id, "status": "started", "run_id": self._start(body)} for node_id in body["node_ids"]]
        skipped = {"node_id": "n0", "status": "skipped", "reason": "node_locked", "message": "It is locked."}
        return JSONResponse({"project_id": PROJECT, "runs": [*runs, skipped]})

    async def _change(self, request: Request) -> Response:
        self.changes.append(await request.json())
        applied = {"added": 0, "updated": 0, "connected": 0, "disconnected": 0, "removed": 0}
        return JSONResponse({"project_id": PROJECT, "revision": "r1", "created": {}, "applied": applied})

    async def _list(self, request: Request) -> Response:
        self.requests["list"] += 1
        generations = [run for run_id, run in self.runs.items() if run_id not in self.techniques]
        runs = [{**run, "workspace_id": WORKSPACE} for run in reversed(generations)]
        return JSONResponse({"generations": runs, "meta": {"next_cursor": None}})

    async def _retrieve(self, request: Request) -> Response:
        self.requests["retrieve"] += 1
        run_id = request.path_params["run_id"]
        run = None if run_id in self.techniques else self.runs.get(run_id)
        return JSONResponse(run) if run is not None else error(404, "not_found", "Not found.")

    async def _media(self, request: Request) -> Response:
        self.requests["media"] += 1
        return Response(png(), status_code=self.media_status, media_type="image/png")
