"""How many requests `flora-mcp studio` answers: `python benchmarks/studio.py [--seconds S] [--database URL]`.

Starts the command as a user does, asks it over loopback from this process, and prints a table: GET /models, and
POST /generate while the studio renders. Beside it, in the same run, a bare Starlette application under the same HTTP
server that answers the same bytes and does nothing. With --database, PostgreSQL is measured after SQLite.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wire import Connection, connect, started

CONNECTIONS = 8

BARE = """
import sys, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
body = open(sys.argv[1], "rb").read()
async def answer(request):
    if request.method == "POST":
        await request.body()
        return Response(body, status_code=201, media_type="application/json")
    return Response(body, media_type="application/json")
app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What was measured of one kind of request."""

    what: str
    per_second: float
    p50_ms: float
    p99_ms: float


async def measure(what: str, url: str, request: Callable[[int], tuple[str, str, bytes]], *, seconds: float) -> Figures:
    """Asks on all connections for some seconds; every answer must be a success."""
    connections = [await connect(url) for _ in range(CONNECTIONS)]
    took: list[float] = []
    start = time.perf_counter()
    end = start + seconds

    async def ask(connection: Connection) -> None:
        while (begun := time.perf_counter()) < end:
            answer = await connection.ask(*request(len(took)))
            if answer.status not in {200, 201}:
                raise SystemExit(f"{what}: {answer.status} {answer.body[:300]!r}")
            took.append((time.perf_counter() - begun) * 1000)

    await asyncio.gather(*(ask(each) for each in connections))
    spent = time.perf_counter() - start
    for each in connections:
        each.close()
    cuts = statistics.quantiles(took, n=100)
    return Figures(what=what, per_second=len(took) / spent, p50_ms=cuts[49], p99_ms=cuts[98])


async def ask_json(url: str, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    connection = await connect(url)
    answer = await connection.ask(method, f"/api/v1/{path}", json.dumps(body).encode() if body else b"")
    connection.close()
    assert answer.status in {200, 201}, answer.body
    return json.loads(answer.body)


async def measure_studio(name: str, options: list[str], *, seconds: float) -> tuple[list[Figures], dict[str, bytes]]:
    """Measures a studio and returns the answers too, for a server that only repeats them."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "flora_mcp.cli", "studio", "--port", "0", "--data-dir", folder, *options]
        async with started(command, suffix="/api/v1") as (url, _):
            workspace_id = (await ask_json(url, "GET", "workspaces"))["workspaces"][0]["workspace_id"]
            project = await ask_json(url, "POST", "projects", {"name": "Benchmark", "workspace_id": workspace_id})
            body = {
                "type": "image",
                "prompt": "a mug on a table",
                "workspace_id": workspace_id,
                "project_id": project["project_id"],
            }
            question = json.dumps(body).encode()
            samples = {
                "models": json.dumps(await ask_json(url, "GET", "models")).encode(),
                "generate": json.dumps(await ask_json(url, "POST", "generate", body)).encode(),
                "question": question,
            }
            models = await measure(
                f"{name}: GET /models", url, lambda _: ("GET", "/api/v1/models", b""), seconds=seconds
            )
            generate = await measure(
                f"{name}: POST /generate, while rendering",
                url,
                lambda _: ("POST", "/api/v1/generate", question),
                seconds=seconds,
            )
            ended = await ask_json(url, "GET", "generations?status=completed&limit=100")
            print(f"{name}: {len(ended['generations'])} of the runs were rendered meanwhile", file=sys.stderr)
        return [models, generate], samples


async def measure_bare(samples: dict[str, bytes], *, seconds: float) -> list[Figures]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, method) in enumerate({"models": "GET", "generate": "POST"}.items()):
            path = Path(folder) / name
            path.write_bytes(samples[name])
            port = 18_080 + number
            command = [sys.executable, "-c", BARE, str(path), str(port)]
            body = samples["question"] if method == "POST" else b""
            async with started(command, f"http://127.0.0.1:{port}") as (url, _):
                what = f"bare Starlette: {method} of the same bytes"
                found.append(await measure(what, url, lambda _: (method, "/x", body), seconds=seconds))  # noqa: B023
    return found


async def main(given: argparse.Namespace) -> None:
    figures, samples = await measure_studio("SQLite", [], seconds=given.seconds)
    if given.database:
        more, _ = await measure_studio("PostgreSQL", ["--database", given.database], seconds=given.seconds)
        figures += more
    figures += await measure_bare(samples, seconds=given.seconds)
    print("| what | per second | p50 | p99 |\n|---|---|---|---|")
    for each in figures:
        print(f"| {each.what} | {each.per_second:.0f} | {each.p50_ms:.1f} ms | {each.p99_ms:.1f} ms |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--database", help="a PostgreSQL URL, measured too")
    asyncio.run(main(parser.parse_args()))
