"""`flora-mcp studio`: the studio alone, for any FLORA client."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import anyio
import pytest
from e2e import processes
from e2e.servers import COMMAND, SMALL, environment, studio

from flora_mcp.flora import Flora


async def test_a_client_makes_a_picture_at_the_address_that_is_told(tmp_path: Path) -> None:
    with anyio.fail_after(60):
        async with studio(tmp_path) as (_, base_url), Flora(api_key="any", base_url=base_url) as flora:
            workspace = (await flora.workspaces.list()).items[0]
            project = await flora.projects.create(name="Over HTTP", workspace_id=workspace.workspace_id)
            start = await flora.generations.create(
                type="image",
                prompt="a mug on a table",
                params=SMALL,
                workspace_id=workspace.workspace_id,
                project_id=project.project_id,
            )
            run = await flora.generations.wait(start.run_id)
            assert run.outputs is not None
            media = await flora.fetch(run.outputs[0].url, max_bytes=10_000_000)
    assert (run.status, media.content[:4]) == ("completed", b"\x89PNG")


@pytest.mark.skipif(sys.platform != "linux", reason="finds processes by /proc")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_the_studio_and_its_children(tmp_path: Path, number: signal.Signals) -> None:
    with anyio.fail_after(60):
        async with studio(tmp_path) as (process, _):
            process.send_signal(number)
            assert await process.wait() == 0
            await processes.gone(tmp_path)


def test_a_port_in_use_is_told_of_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = subprocess.run(
            [*COMMAND, "studio", "--port", port],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (result.returncode, result.stdout) == (1, "")
    [line] = result.stderr.splitlines()
    assert f"Port {port}" in line
