"""A canvas of a studio in this process, over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest


@dataclass(kw_only=True)
class Board:
    """The canvas of a project."""

    api: Any
    project_id: str

    @property
    def path(self) -> str:
        return f"workspaces/{self.api.workspace_id}/projects/{self.project_id}"

    async def graph(self) -> Any:
        return await self.api.get(f"{self.path}/graph")

    async def node(self, name: str) -> Any:
        return next(node for node in (await self.graph())["nodes"] if name in (node["id"], node["node_id"]))

    async def send(self, **operations: Any) -> httpx.Response:
        answer: httpx.Response = await self.api.post(f"{self.path}/canvas/changeset", operations)
        return answer

    async def change(self, **operations: Any) -> Any:
        answer = await self.send(**operations)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def causes(self, **operations: Any) -> list[tuple[str, str]]:
        """The field and the code of each cause for which a changeset is refused; the canvas must be as before."""
        before = await self.graph()
        answer = await self.send(**operations)
        assert answer.status_code == 400, answer.text
        assert await self.graph() == before
        return causes(answer)

    async def draw(self, diagram: str, **node_params: Any) -> httpx.Response:
        body = {"diagram": diagram, **({"node_params": node_params} if node_params else {})}
        answer: httpx.Response = await self.api.http.patch(f"projects/{self.project_id}/canvas", json=body)
        return answer

    async def run(self, *names: str) -> list[Any]:
        answer = await self.api.post(f"{self.path}/nodes/run", {"node_ids": list(names)})
        assert answer.status_code == 200, answer.text
        assert answer.json()["project_id"] == self.project_id
        runs: list[Any] = answer.json()["runs"]
        return runs

    async def ran(self, *names: str) -> list[Any]:
        """Runs nodes and waits for the end of each."""
        return [await self.api.finished(each["run_id"]) for each in await self.run(*names)]

    async def definition(self) -> Any:
        return (await self.api.get(f"{self.path}/canvas/definition"))["definition"]

    async def put(self, definition: Any) -> httpx.Response:
        answer: httpx.Response = await self.api.http.put(
            f"{self.path}/canvas/definition", json={"definition": definition}
        )
        return answer


def causes(answer: httpx.Response) -> list[tuple[str, str]]:
    error = answer.json()["error"]
    assert error["code"] == "input_validation_error"
    return [(field["field"], field["message"].partition(":")[0]) for field in error["fields"]]


@pytest.fixture
def board(api: Any) -> Board:
    return Board(api=api, project_id=api.project_id)
