"""A real server over HTTP, in two worker processes: what it keeps of keys and tokens, and what its cap lets through."""

import base64
import json
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import httpx2
from anyio.streams.buffered import BufferedByteReceiveStream
from auth.issuing import RSA_KEY, public, token
from e2e.servers import COMMAND, environment
from fakes.neighbours import ACCEPT, Street, found, open_street, text_of
from fakes.serving import served
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

FORGED = "sk_live_" + "F" * 43

PICTURE = "generate", {"prompt": "a mug"}
BROKEN = "execute", {"code": "print('so far')\nawait client.generations.retrieve('run_nothing')"}
NOSY = "execute", {"code": "import os\nreturn [str(client), repr(client), vars(client)]"}
DATA = "upload", {"source": "data:text/plain;base64,aGVsbG8="}


@dataclass(kw_only=True)
class Site:
    """A server in processes of its own, and the studio that it works with."""

    street: Street
    folder: Path
    url: str = ""

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def remains(self) -> dict[Path, bytes]:
        """Returns all that the server has written anywhere."""
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}

    @asynccontextmanager
    async def client(self, bearer: str, *, mode: str = "auto") -> AsyncIterator[Client]:
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {bearer}"}, timeout=60) as web,
            Client(streamable_http_client(f"{self.url}/mcp", http_client=web), mode=mode) as client,
        ):
            yield client


@asynccontextmanager
async def open_site(folder: Path, *options: str, **variables: str) -> AsyncIterator[Site]:
    """Starts the server, and ends it as an operator does."""
    async with AsyncExitStack() as stack:
        listener = socket.create_server(("127.0.0.1", 0))
        studio_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        street = await stack.enter_async_context(open_street(folder / "studio", replicas=0, studio_url=studio_url))
        await stack.enter_async_context(served(street.studio.app, listener=listener))  # type: ignore[arg-type]
        site = Site(street=street, folder=folder / "server")
        site.folder.mkdir()
        command = [*COMMAND, "serve", "--http", "--port", "0", *options]
        environs = environment(site.folder, FLORA_BASE_URL=street.studio.base_url, FLORA_LOG="debug", **variables)
        log = stack.enter_context(site.log.open("w"))
        process = await anyio.open_process(command, stdin=subprocess.DEVNULL, stderr=log, env=environs)
        await stack.enter_async_context(process)
        assert process.stdout is not None
        with anyio.fail_after(60):
            line = await BufferedByteReceiveStream(process.stdout).receive_until(b"\n", 300)
        site.url = found(r"http://[\d.:]+", line.decode())
        try:
            yield site
        finally:
            process.terminate()
            with anyio.fail_after(30):
                await process.wait()


async def use(site: Site, bearer: str, other: str) -> None:
    """Does what people and their enemies do, in both eras."""
    for mode in ("legacy", "auto"):
        async with site.client(bearer, mode=mode) as client:
            await client.list_tools()
            for tool, arguments in (PICTURE, BROKEN, NOSY, DATA):
                answer = text_of(await client.call_tool(tool, arguments))
                assert bearer not in answer
            for resource in (await client.list_resources()).resources[:3]:
                await client.read_resource(str(resource.uri))
    async with httpx.AsyncClient(headers=ACCEPT, base_url=site.url) as web:
        for headers in (
            {"authorization": f"Bearer {FORGED}"},
            {"authorization": f"Bearer {bearer}", "x-flora-api-key": other},
            {"authorization": f"Basic {bearer}"},
            {"authorization": f"Bearer {bearer}", "content-type": "nonsense"},
        ):
            answers = [
                await web.post("/mcp", headers=headers, content=b"{broken"),
                await web.get("/mcp", headers=headers),
            ]
            assert not [each for each in answers if bearer in each.text or other in each.text or each.is_success]


def traces(site: Site, *secrets: str) -> list[tuple[str, str]]:
    """Returns where any form of a secret has been left."""
    forms = []
    for secret in secrets:
        core = secret.removeprefix("sk_live_").encode()
        forms += [core, base64.b64encode(core)[:-4], core.hex().encode(), core[:24]]
    return [(path.name, form.decode()) for path, content in site.remains().items() for form in forms if form in content]


async def test_a_key_is_on_no_disk_and_in_no_log_while_the_server_works_and_after(tmp_path: Path) -> None:
    async with open_site(tmp_path, "--auth", "keys", "--workers", "2") as site:
        ada, bob = site.street.keys["ada"], site.street.keys["bob"]
        await use(site, ada, bob)
        assert traces(site, ada, bob, FORGED) == []
    assert traces(site, ada, bob, FORGED) == []
    # The search sees what was written: the pictures' database, and what happened.
    names = {path.name for path in site.remains()}
    assert "server.sqlite3" in names
    assert [content for content in site.remains().values() if content.startswith(b"\x89PNG")]
    assert "HTTP Request: GET" in site.log.read_text()
    assert [content for content in site.remains().values() if b"flora_calls" in content and b"run_" in content]


async def test_neither_a_token_nor_the_key_behind_it_is_left_anywhere(tmp_path: Path) -> None:
    documents: dict[str, Any] = {"/keys": {"keys": [public(RSA_KEY)]}}

    async def answer(request: Any) -> JSONResponse:
        return JSONResponse(documents[request.url.path])

    keys_file = tmp_path / "keys.json"
    keys_file.write_text("{}")
    keys_file.chmod(0o600)
    async with served(Starlette(routes=[Route("/keys", answer)])) as issuer:
        variables = {
            "FLORA_OAUTH_ISSUER": issuer,
            "FLORA_OAUTH_JWKS_URL": f"{issuer}/keys",
            "FLORA_OAUTH_AUDIENCE": "flora",
            "FLORA_KEYS_FILE": str(keys_file),
        }
        async with open_site(tmp_path, "--auth", "oauth", **variables) as site:
            ada = site.street.keys["ada"]
            keys_file.write_text(json.dumps({"ada": ada}))
            bearer = token(iss=issuer, aud="flora", sub="ada")
            await use(site, bearer, ada)
            assert traces(site, ada, bearer.rpartition(".")[2]) == []
        assert traces(site, ada, bearer.rpartition(".")[2]) == []


async def test_the_cap_holds_for_all_workers_together_and_for_each_tenant_by_itself(tmp_path: Path) -> None:
    async with open_site(tmp_path, "--auth", "keys", "--workers", "2", FLORA_MAX_SPEND_USD="0.013") as site:
        refused: list[str] = []

        async def generate(name: str, number: int) -> None:
            async with site.client(site.street.keys[name]) as client:
                wish = {"prompt": f"mug {number}", "model": "t2i-studio-scene"}
                answer = text_of(await client.call_tool("generate", wish))
                refused.extend([name] if "Not sent, nothing was spent" in answer else [])

        with anyio.fail_after(60):
            async with anyio.create_task_group() as tasks:
                for number in range(8):
                    for name in ("ada", "bob"):
                        tasks.start_soon(generate, name, number)
        counts = {name: len(await site.street.runs(name)) for name in ("ada", "bob")}
    assert counts == {"ada": 3, "bob": 3}
    assert sorted(refused) == ["ada"] * 5 + ["bob"] * 5
