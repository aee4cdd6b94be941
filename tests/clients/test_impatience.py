"""A framework that waits less long than a picture takes: its model asks again, and the picture is paid for once."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.flora import PROJECT, WORKSPACE
from fakes.raw import raw
from PIL import Image

agents = pytest.importorskip("agents", reason='pip install ".[test]" brings it')

from agents.mcp import MCPServerStreamableHttp  # noqa: E402
from clients.conversation import Wish, decoded  # noqa: E402
from clients.frameworks.openai_agents import Scripted, asking  # noqa: E402

PATIENCE_SECONDS = 1.0
PROGRAM = f"""
run = await client.generations.create(type="image", prompt="a mug", workspace_id="{WORKSPACE}", project_id="{PROJECT}")
return (await client.generations.wait(run.run_id)).outputs
"""
WISHES = (
    Wish(tool="execute", arguments={"code": PROGRAM}),
    Wish(tool="generate", arguments={"prompt": "a mug", "workspace_id": WORKSPACE, "project_id": PROJECT}),
)


class Insistent(Scripted):
    """Makes the same call again for as long as it is told that the call failed."""

    def __init__(self, wish: Wish, *, after_failure: Callable[[], object]) -> None:
        super().__init__(wish)
        self._after_failure = after_failure
        self.calls = 1

    async def get_response(self, system_instructions: Any, input: Any, *rest: Any, **options: Any) -> Any:
        outputs = [item for item in input if isinstance(item, dict) and item.get("type") == "function_call_output"]
        if outputs and isinstance(outputs[-1]["output"], str):
            self._after_failure()
            self.calls += 1
            return asking(self._wish, number=self.calls)
        return await super().get_response(system_instructions, input, *rest, **options)


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.tool)
async def test_a_model_that_asks_again_gets_the_picture_that_was_paid_for(wish: Wish, tmp_path: Path) -> None:
    async with raw(tmp_path) as server:
        # A client may give up before the run has begun: then it begins when the model asks again.
        model = Insistent(wish, after_failure=lambda: [server.flora.finish(run_id) for run_id in server.flora.runs])
        place = MCPServerStreamableHttp({"url": server.url}, client_session_timeout_seconds=PATIENCE_SECONDS)
        with anyio.fail_after(30):
            async with place:
                agent = agents.Agent(name="painter", model=model, mcp_servers=[place])
                options = agents.RunConfig(tracing_disabled=True)
                await agents.Runner.run(agent, "A picture, please.", run_config=options)
    assert model.calls > 1, json.dumps(model.heard)
    [picture] = [decoded(part["image_url"]) for part in model.heard if part["type"] == "input_image"]
    assert Image.open(io.BytesIO(picture)).size == (64, 48)
    assert len(server.flora.created) == 1
