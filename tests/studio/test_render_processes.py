"""Render processes: they are reused, stopped, replaced and let go."""

import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio.to_thread
import pytest
from studio.servers import Gates, open_gates

from flora_mcp.studio.errors import RenderCrashError, RenderFailedError, RendersClosed, RenderTimeoutError
from flora_mcp.studio.renderers import RenderProcesses, RenderRequest

COMMAND = (sys.executable, "-I", str(Path(__file__).parent / "programs" / "gated_worker.py"))


def asked(prompt: str, *, seed: int = 1) -> RenderRequest:
    return RenderRequest(prompt=prompt, width_px=64, height_px=32, seed=seed)


class Seconds:
    """A clock that moves only when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def quiet(fraction: float) -> None:
    assert 0 <= fraction <= 1


@pytest.fixture
def processes() -> Iterator[RenderProcesses]:
    opened = RenderProcesses(capacity=2, command=COMMAND)
    yield opened
    opened.close()


@pytest.fixture
async def gates() -> AsyncIterator[Gates]:
    async with open_gates() as opened:
        yield opened


def render(processes: RenderProcesses, prompt: str = "noise", **more: Any) -> Any:
    return processes.render("t2i-studio-scene", asked(prompt, **more), quiet)


def test_a_render_brings_its_bytes_and_facts(processes: RenderProcesses) -> None:
    seen: list[float] = []
    rendering = processes.render("t2i-studio-scene", asked("noise"), seen.append)
    assert (rendering.mime_type, rendering.width_px, rendering.height_px) == ("image/png", 64, 32)
    assert len(rendering.content) == 2_000_003
    assert rendering.facts["alt_text"] == "noise"
    assert seen == [0.99]


def test_the_same_request_gives_the_same_bytes_in_another_process(processes: RenderProcesses) -> None:
    first = render(processes)
    with pytest.raises(RenderCrashError):
        render(processes, "die")
    second = render(processes)
    assert first.content == second.content
    assert first.facts["pid"] != second.facts["pid"]


def test_a_process_is_used_again(processes: RenderProcesses) -> None:
    assert render(processes).facts["pid"] == render(processes, seed=2).facts["pid"]


def test_a_failing_renderer_fails_the_render_and_keeps_the_process(processes: RenderProcesses) -> None:
    pid = render(processes).facts["pid"]
    with pytest.raises(RenderFailedError, match="ValueError: the paint is dry"):
        render(processes, "fail")
    assert render(processes).facts["pid"] == pid


def test_a_stray_line_on_the_standard_output_harms_nothing(processes: RenderProcesses) -> None:
    assert render(processes, "print").content == render(processes).content


def test_an_unknown_model_is_told_apart(processes: RenderProcesses) -> None:
    with pytest.raises(RenderFailedError, match="there is no renderer of 'x'; there are"):
        processes.render("x", asked("noise"), quiet)


def test_a_process_that_dies_idle_is_replaced(processes: RenderProcesses) -> None:
    pid = render(processes).facts["pid"]
    os.kill(pid, signal.SIGKILL)
    assert render(processes).facts["pid"] != pid


def test_a_process_that_dies_in_a_render_gets_one_successor(processes: RenderProcesses, tmp_path: Path) -> None:
    (tmp_path / "once").touch()
    rendering = render(processes, f"die={tmp_path / 'once'}")
    assert rendering.content == render(processes).content


def test_a_render_that_ends_every_process_fails(processes: RenderProcesses) -> None:
    with pytest.raises(RenderCrashError, match="exit code 9"):
        render(processes, "die")


def test_a_command_that_does_not_exist_is_a_crash() -> None:
    processes = RenderProcesses(capacity=1, command=["/nonexistent/python"])
    for _ in range(2):
        with pytest.raises(RenderCrashError, match="No render process could be started"):
            render(processes)
    processes.close()


async def test_a_render_past_its_deadline_is_killed(gates: Gates) -> None:
    processes = RenderProcesses(capacity=1, command=COMMAND, deadline_seconds=1.0)
    with pytest.raises(RenderTimeoutError, match="longer than 1 s"):
        await anyio.to_thread.run_sync(partial(render, processes, gates.at(0.5)))
    await gates.departure(await gates.arrival(fraction=0.5, seed=1))
    assert (await anyio.to_thread.run_sync(render, processes)).mime_type == "image/png"
    await anyio.to_thread.run_sync(processes.close)


async def test_no_more_renders_than_the_capacity_run_at_once(gates: Gates, processes: RenderProcesses) -> None:
    finished: list[int] = []

    async def one(seed: int) -> None:
        await anyio.to_thread.run_sync(partial(render, processes, gates.at(0.5), seed=seed))
        finished.append(seed)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(one, 1)
        tasks.start_soon(one, 2)
        first = await gates.arrival(fraction=0.5, seed=1)
        second = await gates.arrival(fraction=0.5, seed=2)
        tasks.start_soon(one, 3)
        await gates.open(fraction=0.5, seed=2)
        third = await gates.arrival(fraction=0.5, seed=3)
        assert third.pid == second.pid != first.pid
        await gates.open(fraction=0.5, seed=1)
        await gates.open(fraction=0.5, seed=3)
    assert sorted(finished) == [1, 2, 3]


async def test_closing_ends_renders_under_way_and_those_that_wait(gates: Gates) -> None:
    processes = RenderProcesses(capacity=1, command=COMMAND)
    ended: list[str] = []

    def one(seed: int) -> None:
        try:
            render(processes, gates.at(0.5), seed=seed)
        except RendersClosed:
            ended.append("closed")

    threads = [threading.Thread(target=one, args=(seed,)) for seed in (1, 2)]
    threads[0].start()
    visitor = await gates.arrival(fraction=0.5, seed=1)
    threads[1].start()
    await anyio.to_thread.run_sync(processes.close)
    await gates.departure(visitor)
    for thread in threads:
        await anyio.to_thread.run_sync(thread.join, 10)
    assert ended == ["closed", "closed"]
    with pytest.raises(RendersClosed):
        render(processes)


def test_an_idle_process_is_let_go_after_its_time() -> None:
    seconds = Seconds()
    processes = RenderProcesses(capacity=1, command=COMMAND, idle_seconds=60, monotonic=seconds)
    pid = render(processes).facts["pid"]
    seconds.now = 59.0
    processes.retire_idle()
    assert render(processes).facts["pid"] == pid
    seconds.now = 200.0
    processes.retire_idle()
    assert render(processes).facts["pid"] != pid
    processes.close()
