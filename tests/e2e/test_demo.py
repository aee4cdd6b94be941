"""`flora-mcp demo` as a person runs it."""

import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio.abc import Process
from e2e import processes
from e2e.servers import COMMAND, environment, studio
from PIL import Image

DEMO = (*COMMAND, "demo", "--resolution", "0.5k")


def demo(directory: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *arguments],
        env=environment(directory, **variables),
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


def test_the_demo_saves_the_picture_in_full_and_tells_all_about_it(tmp_path: Path) -> None:
    result = demo(tmp_path, "--prompt", 'a mug, said to be "blue"\n# and {more}', "--count", "1", "--seed", "5")
    assert (result.returncode, result.stderr) == (0, "")
    path = tmp_path / "flora-outputs" / "a-mug-said-to-be-blue-and-more-5.png"
    assert [each for each in path.parent.iterdir() if each.is_file()] == [path]
    with Image.open(path) as picture:
        assert (picture.size, picture.format) == ((512, 384), "PNG")
    lines = result.stdout.splitlines()
    assert any(re.fullmatch(r"run_\w+ (pending|running|completed) \d+%", line) for line in lines)
    [announced] = [line for line in lines if line.startswith("announced flora://runs/run_")]
    assert f"512x384 output_1, {path.stat().st_size} bytes" in announced
    [row] = [line for line in lines if ".png" in line]
    assert re.fullmatch(
        rf"flora-outputs/{path.name}  model t2i-[\w-]+, seed 5, 512x384 pixels, {path.stat().st_size} bytes, \d+\.\d s",
        row,
    )
    assert re.fullmatch(r"Runs: 1 completed\. Spent 0\.\d+ USD of studio credits.*", lines[-2])
    assert re.fullmatch(r"1 of 1 pictures in \d+\.\d s", lines[-1])


async def test_the_demo_works_with_a_key_over_http_when_it_may_spend(tmp_path: Path) -> None:
    with anyio.fail_after(90):
        async with studio(tmp_path) as (_, base_url):
            variables = environment(tmp_path, FLORA_API_KEY="sk_test_any", FLORA_BASE_URL=base_url)
            variables["FLORA_DATA_DIR"] = str(tmp_path / "client")
            variables["FLORA_TIME_BUDGET_SECONDS"] = "1"  # FLORA is polled less often: the demo has to call `wait`
            result = await anyio.run_process([*DEMO, "--count", "1", "--yes"], env=variables, cwd=tmp_path, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    assert re.search(r"Runs: 1 completed\. Spent 0\.\d+ USD\.\n", result.stdout.decode())
    assert len(list((tmp_path / "flora-outputs").iterdir())) == 1


def test_a_ratio_that_no_model_offers_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    result = demo(tmp_path, "--aspect-ratio", "5:7")
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert re.search(r"It has started no runs\. ValueError: No model takes .*5:7.* Offered: .*'4:3'", line)
    assert list((tmp_path / "flora-outputs").iterdir()) == []


def test_a_folder_that_cannot_be_written_ends_the_demo_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = demo(tmp_path, "--output-dir", "file")
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert "pictures cannot be saved in 'file'" in line


def test_a_server_that_cannot_work_is_told_of_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = demo(tmp_path, FLORA_DATA_DIR=str(tmp_path / "file"))
    assert result.returncode == 1
    [line] = result.stderr.splitlines()
    assert line.startswith("flora-mcp: ")
    assert "FLORA_DATA_DIR" in line


def test_the_pictures_are_saved_even_if_nobody_reads_what_is_told(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*DEMO, "--count", "1"],
        env=environment(tmp_path),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.stdout = None
        _, errors = process.communicate(timeout=90)
    assert (process.returncode, errors) == (0, "")
    assert len(list((tmp_path / "flora-outputs").iterdir())) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")
async def test_ctrl_c_on_a_terminal_ends_the_demo_and_leaves_no_process(tmp_path: Path) -> None:
    arguments = ["--resolution", "2k", "--count", "2", "--output-dir", str(tmp_path / "out")]
    shown, seen = "", dict[int, str]()
    with anyio.fail_after(60):
        async with on_terminal(tmp_path, arguments) as (process, screen):
            async for text in screen:
                shown += text
                seen = processes.of(tmp_path)
                if rendering(seen.values()) and "running" in shown:
                    break
            process.send_signal(signal.SIGINT)
            async for text in screen:
                shown += text
            assert await process.wait() == 130
            await processes.gone(tmp_path, seen=seen)
    assert "Traceback" not in shown
    assert list((tmp_path / "out").iterdir()) == []


def rendering(commands: Iterable[str]) -> bool:
    """True when the demo, its server, a sandbox and a renderer are at work."""
    return all(any(part in command for command in commands) for part in (" demo", "_worker.zygote", "renderers.worker"))


@asynccontextmanager
async def on_terminal(directory: Path, arguments: list[str]) -> AsyncIterator[tuple[Process, AsyncIterator[str]]]:
    """Runs the demo on a terminal of its own; yields its process and what it shows, to the end."""
    ours, theirs = pty.openpty()

    async def screen() -> AsyncIterator[str]:
        while True:
            await anyio.wait_readable(ours)
            try:
                yield os.read(ours, 65536).decode(errors="replace")
            except OSError:  # how a terminal tells that nobody writes to it any more
                return

    variables = environment(directory, TERM="xterm", COLUMNS="100")
    try:
        async with await anyio.open_process(
            [*DEMO, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=variables, start_new_session=True
        ) as process:
            os.close(theirs)
            try:
                yield process, screen()
            finally:
                if process.returncode is None:
                    process.kill()
    finally:
        os.close(ours)
