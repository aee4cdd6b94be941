"""Mixed calls from many sessions for minutes: `python benchmarks/load.py [--minutes M] [--sessions N]`.

Starts `flora-mcp serve --http` on the studio, as a user does; half of the sessions speak the handshake era of the
protocol, half 2026-07-28. Every program returns a word of its own, also those that outlast the time budget and are
taken up with `wait`: a word that does not come back is a lost execution. Afterwards the server is left alone, and its
memory and processes are compared with those from before. Exit code 0 says: nothing lost, no process too many, and
memory that does not grow.
"""

import argparse
import asyncio
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wire import HANDSHAKE, MODERN, Session, connect, started

BUDGET_SECONDS = 4
WARM_SECONDS = 60
"""What the server grows by in the first minute, such as pools and caches, is not counted."""
REST_SECONDS = 20
GROWTH = 0.05
GROWTH_MB = 8.0
"""Memory is flat when the mean of the last third is above that of the first by no more than the larger of both."""

PICTURE = """
ws = (await client.workspaces.list()).workspaces[0]
run = await client.generations.create(
    type="image", prompt="a red cube on a table", params={"resolution": "0.5k"},
    workspace_id=ws.workspace_id, project_id=PROJECT,
)
done = await client.generations.wait(run.run_id)
return ["WORD", done.status, run.run_id]
"""
LONG = """
for i in range(70):
    print(i)
    await asyncio.sleep(0.1)
return "WORD"
"""
READS = """
models = (await client.models.list(type="image")).models
ws = (await client.workspaces.list()).workspaces[0]
async for run in client.generations.list(limit=20, workspace_id=ws.workspace_id):
    pass
return "WORD"
"""


@dataclass(kw_only=True)
class Book:
    """What was asked and what came of it."""

    took_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    lost: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    """Some that are done."""
    words: int = 0


class Agent:
    """One session that calls one thing after the other."""

    def __init__(self, session: Session, book: Book, *, project: str, seed: int) -> None:
        self._session = session
        self._book = book
        self._project = project
        self._random = random.Random(seed)
        self._seed = seed
        self._ways: list[tuple[int, str, Callable[[], Awaitable[None]]]] = [
            (14, "tools/list", self._list_tools),
            (20, "list_models", self._list_models),
            (14, "search_docs", self._search),
            (26, "execute: arithmetic", lambda: self._execute("return 'WORD'")),
            (14, "execute: reads", lambda: self._execute(READS)),
            (2, "execute: picture", lambda: self._execute(PICTURE)),
            (2, "execute: beyond the budget", lambda: self._execute(LONG)),
            (1, "generate", self._generate),
            (4, "resources", self._read),
            (3, "wait", self._wait),
        ]

    async def live(self, until: float) -> None:
        weights = [weight for weight, _, _ in self._ways]
        while time.perf_counter() < until:
            _, name, way = self._random.choices(self._ways, weights)[0]
            begun = time.perf_counter()
            try:
                await way()
            except (RuntimeError, OSError, asyncio.IncompleteReadError) as exc:
                self._book.troubles.append(f"{name}: {exc!r}"[:300])
                await self._again()
            self._book.took_ms[name].append((time.perf_counter() - begun) * 1000)

    async def _again(self) -> None:
        self._session.connection.close()
        connection = await connect(self._session.url)
        self._session = await Session(connection=connection, version=self._session.version).open()

    async def _list_tools(self) -> None:
        assert len((await self._session.ask("tools/list"))["tools"]) <= 8

    async def _list_models(self) -> None:
        await self._call("list_models")

    async def _search(self) -> None:
        query = self._random.choice(
            ["aspect ratio", "upload an image", "webhook signature", "cost of a run", "upscale"]
        )
        await self._call("search_docs", query=query)

    async def _generate(self) -> None:
        seed = self._random.randrange(10**6)
        told = await self._call("generate", prompt="a blue ball", params={"resolution": "0.5k", "seed": seed})
        self._book.runs += re.findall(r"run_\w+", told)[:1]

    async def _read(self) -> None:
        listed = (await self._session.ask("resources/list"))["resources"]
        pictures = [each["uri"] for each in listed if "/outputs/" in each["uri"]]
        if pictures:
            await self._session.ask("resources/read", {"uri": self._random.choice(pictures)})

    async def _wait(self) -> None:
        if self._book.runs:
            await self._call("wait", ids=[self._random.choice(self._book.runs)])

    async def _execute(self, code: str) -> None:
        self._book.words += 1
        word = f"word-{self._seed}-{self._book.words}"
        told = await self._call("execute", code=code.replace("WORD", word).replace("PROJECT", repr(self._project)))
        for _ in range(60):
            if word in told.partition("Returned:")[2]:
                return
            found = re.search(r"exe_[\w-]+", told)
            if found is None:
                break
            told = await self._call("wait", ids=[found[0]])
        self._book.lost.append(f"{word}: {told[:300]}")

    async def _call(self, tool: str, **arguments: Any) -> str:
        told = await self._session.call(tool, **arguments)
        text = str(told["content"][0]["text"])
        if told.get("isError"):
            raise RuntimeError(text)
        return text


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The server at one moment."""

    seconds: float
    memory_mb: float
    processes: int


def look(pid: int, begun: float) -> Sample:
    """Measures the server's own process, and counts it and all below it."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    memory_mb = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Sample(seconds=time.perf_counter() - begun, memory_mb=memory_mb, processes=1 + len(below(pid)))


def below(pid: int) -> list[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children[int(told[1])].append(int(path.parent.name))
    found, left = [], [pid]
    while left:
        more = children[left.pop()]
        found += more
        left += more
    return found


async def watch(pid: int, begun: float, samples: list[Sample]) -> None:
    while True:
        await asyncio.sleep(5)
        samples.append(look(pid, begun))


async def project_of(session: Session) -> str:
    code = (
        "ws = (await client.workspaces.list()).workspaces[0]\n"
        'return (await client.projects.create(name="Load", workspace_id=ws.workspace_id)).project_id'
    )
    told = (await session.call("execute", code=code))["content"][0]["text"]
    return re.findall(r'"(prj_\w+)"', told)[0]


def report(book: Book, samples: list[Sample], before: Sample, after: Sample) -> int:
    print("| call | number | p50 | p99 |\n|---|---|---|---|")
    for name, took in sorted(book.took_ms.items()):
        cuts = statistics.quantiles(took, n=100) if len(took) > 1 else took * 99
        print(f"| {name} | {len(took)} | {cuts[49]:.0f} ms | {cuts[98]:.0f} ms |")
    counted = [each.memory_mb for each in samples if each.seconds > WARM_SECONDS] or [before.memory_mb]
    third = max(1, len(counted) // 3)
    first, last = statistics.mean(counted[:third]), statistics.mean(counted[-third:])
    flat = last - first <= max(GROWTH * first, GROWTH_MB)
    minutes = [f"{each.memory_mb:.0f}" for each in samples[:: max(1, len(samples) // 20)]]
    print(f"memory, MB: {' '.join(minutes)}; thirds {first:.0f} and {last:.0f}, at rest {after.memory_mb:.0f}")
    print(f"processes: {before.processes} before, {after.processes} after")
    print(f"programs: {book.words}, lost: {len(book.lost)}; calls that failed: {len(book.troubles)}")
    for line in [*book.lost[:5], *book.troubles[:5]]:
        print(f"  {line}")
    return int(bool(book.lost or book.troubles) or after.processes > before.processes or not flat)


async def main(given: argparse.Namespace) -> int:
    book, samples = Book(), list[Sample]()
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("FLORA_")}
        settings = {"FLORA_DATA_DIR": folder, "FLORA_TIME_BUDGET_SECONDS": str(BUDGET_SECONDS)}
        command = [sys.executable, "-m", "flora_mcp.cli", "serve", "--http", "--port", "0"]
        async with started(command, env=kept | settings) as (url, pid):
            sessions = [
                await Session(connection=await connect(url), version=(HANDSHAKE, MODERN)[number % 2]).open()
                for number in range(given.sessions)
            ]
            project = await project_of(sessions[0])
            await Agent(sessions[0], book, project=project, seed=-1)._execute(PICTURE)
            await asyncio.sleep(REST_SECONDS / 4)
            begun = time.perf_counter()
            before = look(pid, begun)
            agents = [Agent(each, book, project=project, seed=number) for number, each in enumerate(sessions)]
            watcher = asyncio.create_task(watch(pid, begun, samples))
            await asyncio.gather(*(agent.live(begun + given.minutes * 60) for agent in agents))
            watcher.cancel()
            await asyncio.sleep(REST_SECONDS)
            after = look(pid, begun)
            return report(book, samples, before, after)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--sessions", type=int, default=32)
    sys.exit(asyncio.run(main(parser.parse_args())))
