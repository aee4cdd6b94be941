"""The studio's own OpenAPI document: it describes every endpoint, and the studio does as it says."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
from contract.typescript_side import METHODS, camel
from contract.world import PNG, World, open_world
from studio.conftest import CountingIds

from flora_mcp.studio.admission import Access
from flora_mcp.studio.endpoints import ENDPOINTS
from flora_mcp.studio.openapi import document

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")

VERBS = frozenset({"get", "post", "put", "patch", "delete"})


def operations() -> dict[str, Any]:
    return {
        f"{verb.upper()} {path}": operation
        for path, item in document()["paths"].items()
        for verb, operation in item.items()
        if verb in VERBS
    }


def test_every_endpoint_is_described_and_nothing_else() -> None:
    assert set(operations()) == ENDPOINTS


def test_operations_are_named_as_the_official_client_names_them() -> None:
    named = {operation["operationId"]: endpoint for endpoint, operation in operations().items()}
    official = {camel(path): method["http"] for path, method in METHODS.items()}
    assert {name: official.get(name) for name in named} == named


def test_every_value_of_a_path_has_a_schema() -> None:
    for endpoint, operation in operations().items():
        named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert named == {part[1:-1] for part in endpoint.split("/") if part.startswith("{")}


async def test_the_document_is_read_without_a_key(tmp_path: Path) -> None:
    async with (
        open_world(tmp_path, access=Access(keys_required=True)) as world,
        httpx.AsyncClient(base_url=world.studio.base_url, trust_env=False) as stranger,
    ):
        assert (await stranger.get("models")).status_code == 401
        answer = await stranger.get("openapi.json")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == document()


@asynccontextmanager
async def open_prepared(directory: Path) -> AsyncIterator[tuple[World, dict[str, list[str]]]]:
    """Opens a studio with one thing of each kind; yields it with their ids."""
    async with open_world(directory, ids=CountingIds()) as world:
        async with httpx.AsyncClient(base_url=world.studio.base_url, trust_env=False, timeout=20) as http:

            async def post(path: str, **sent: Any) -> Any:
                answer = await http.post(path, **sent)
                assert answer.is_success, answer.text
                return answer.json()

            first = (await http.get("workspaces")).json()["workspaces"][0]["workspace_id"]
            own = {"workspace_id": first}
            project = await post("projects", json={"name": "One", **own})
            library = await post(f"workspaces/{first}/library/folders", json={})
            asset = await post("assets", data=own, files={"file": ("cup.png", PNG)})
            asked = {"type": "image", "prompt": "a red cup", "project_id": project["project_id"], **own}
            run = await post("generate", json=asked)
            techniques = (await http.get("techniques")).json()["techniques"]
        yield (
            world,
            {
                "workspaces": [first, await world.studio.create_workspace("Second")],
                "projects": [project["project_id"]],
                "folders": [await world.studio.create_folder("Campaigns", **own)],
                "libraries": [library["folder_id"]],
                "assets": [asset["asset_id"]],
                "runs": [run["run_id"]],
                "techniques": [each[name] for each in techniques for name in ("technique_id", "slug")],
            },
        )


def configuration(ids: dict[str, list[str]]) -> str:
    """Returns the configuration of Schemathesis, with the ids that exist."""
    dictionaries = "".join(f"[dictionaries.{name}]\nvalues = {json.dumps(each)}\n\n" for name, each in ids.items())
    return CONFIGURATION.read_text(encoding="utf-8") + "\n" + dictionaries


async def test_the_studio_does_as_its_document_says(tmp_path: Path) -> None:
    async with open_prepared(tmp_path / "data") as (world, ids):
        (tmp_path / "schemathesis.toml").write_text(configuration(ids), encoding="utf-8")
        with anyio.fail_after(180):
            ran = await anyio.run_process(
                [sys.executable, "-m", "schemathesis.cli", "run", f"{world.studio.base_url}/openapi.json"],
                cwd=tmp_path,
                stderr=subprocess.STDOUT,
                check=False,
            )
    assert ran.returncode == 0, ran.stdout.decode()
