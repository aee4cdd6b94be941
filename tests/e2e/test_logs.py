"""Where the server's logs go: to stderr, never among the messages."""

from pathlib import Path

import anyio
from e2e.servers import SMALL, wire


async def test_even_a_talkative_server_writes_nothing_but_messages_to_stdout(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log, anyio.fail_after(60):
        async with wire(tmp_path, log=log, FLORA_LOG="debug") as server:
            await server.initialize()
            number = await server.call_tool("generate", {"prompt": "a mug", "params": SMALL})
            # `until` takes every line for a message, and fails at one that is none.
            answer = await server.until(lambda message: message.get("id") == number)
            await server.end_input()
            assert await server.process.wait() == 0
    assert not answer["result"]["isError"]
    logged = (tmp_path / "log").read_text()
    assert "DEBUG" in logged
    assert "Traceback" not in logged
