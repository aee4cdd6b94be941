"""`flora-mcp studio`: the studio alone, for any FLORA client."""

import queue
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import anyio
import anyio.to_thread
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


class Receiver(BaseHTTPRequestHandler):
    """Takes one event after the other and answers that it has them."""

    received: "queue.Queue[tuple[bytes, dict[str, str]]]" = queue.Queue()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.received.put((body, dict(self.headers)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def receiver() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


async def test_a_webhook_reaches_a_receiver_that_verifies_it(tmp_path: Path) -> None:
    with anyio.fail_after(60), receiver() as host:
        async with (
            studio(tmp_path, "--reach", host) as (_, base_url),
            Flora(api_key="any", base_url=base_url) as flora,
        ):
            workspace = (await flora.workspaces.list()).items[0]
            ids = {"workspace_id": workspace.workspace_id}
            made = await anyio.run_process(
                [*COMMAND, "studio", "webhook-secret", "--workspace", workspace.workspace_id],
                env=environment(tmp_path) | {"FLORA_DATA_DIR": str(tmp_path / "data")},
            )
            project = await flora.projects.create(name="Called back", **ids)
            start = await flora.generations.create(
                type="image",
                prompt="a mug",
                params=SMALL,
                project_id=project.project_id,
                callback_url=f"http://{host}/hook",
                **ids,
            )
            body, headers = await anyio.to_thread.run_sync(partial(Receiver.received.get, timeout=50))
            event = flora.webhooks.unwrap(body, headers, made.stdout.decode().strip())
    assert (event.type, event.data.run_id) == ("run.completed", start.run_id)
