"""A studio in this process whose generations are painted at once."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.command import main
from studio.techniques.documents import MODEL, content, paint

from flora_mcp.studio.renderers import RenderThreads

RunCommand = Callable[..., tuple[int, str]]


@dataclass(kw_only=True)
class Easel:
    """A studio with techniques that a test adds."""

    api: Any

    async def add(self, document: dict[str, Any]) -> str:
        technique_id: str = await self.api.studio.add_technique(content(document), workspace_id=self.api.workspace_id)
        return technique_id

    async def send(self, *inputs: dict[str, str], slug: str = "sketch", **more: Any) -> httpx.Response:
        body = {"inputs": list(inputs or [given("what", "a cup")]), "mode": "async", **more}
        answer: httpx.Response = await self.api.post(f"techniques/{slug}/runs", body)
        return answer

    async def start(self, *inputs: dict[str, str], slug: str = "sketch", **more: Any) -> Any:
        answer = await self.send(*inputs, slug=slug, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def run(self, *inputs: dict[str, str], slug: str = "sketch") -> Any:
        return await self.api.finished((await self.start(*inputs, slug=slug))["run_id"])

    async def faults(self, *inputs: dict[str, str], **more: Any) -> dict[str, str]:
        """The message of each field for which a run is refused."""
        answer = await self.send(*inputs, **more)
        assert answer.status_code == 400, answer.text
        error = answer.json()["error"]
        assert error["code"] == "input_validation_error"
        return {each["field"]: each["message"] for each in error["fields"]}

    async def asset(self, file: bytes) -> str:
        """Makes an asset and returns its address."""
        form = {"workspace_id": self.api.workspace_id}
        answer = await self.api.http.post("assets", data=form, files={"file": ("a", file)})
        assert answer.status_code == 201, answer.text
        url: str = answer.json()["url"]
        return url

    async def fetched(self, state: Any, output_id: str) -> bytes:
        [url] = [each["url"] for each in state["outputs"] if each["output_id"] == output_id]
        answer = await self.api.http.get(url)
        assert answer.status_code == 200
        file: bytes = answer.content
        return file


def given(name: str, value: str, kind: str = "text") -> dict[str, str]:
    return {"id": name, "type": kind, "value": value}


@pytest.fixture
async def easel(open_api: Callable[..., AbstractAsyncContextManager[Any]]) -> AsyncIterator[Easel]:
    async with open_api(RenderThreads({MODEL: paint})) as api:
        yield Easel(api=api)


@pytest.fixture
def run_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> RunCommand:
    """Runs `flora-mcp studio` on the data of `easel` and returns its exit code and what it says."""
    monkeypatch.setenv("FLORA_DATA_DIR", str(tmp_path / "cli"))

    def run(*arguments: str) -> tuple[int, str]:
        database = f"sqlite:///{tmp_path / 'data' / 'studio.sqlite3'}"
        code = main(["studio", *arguments, "--database", database])
        said = capsys.readouterr()
        return code, said.err if code else said.out

    return run
