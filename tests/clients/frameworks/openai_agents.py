"""OpenAI's Agents SDK: an agent whose model makes one call, and is asked again with the answer."""

import json
from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, Model, ModelResponse, RunConfig, Runner, Usage
from agents.mcp import MCPServer, MCPServerStdio, MCPServerStreamableHttp
from clients.conversation import CALL_SECONDS, Heard, Place, Wish, decoded
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText


class Scripted(Model):
    """Calls a tool, then says that it is done; keeps what it was told."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self.tools: frozenset[str] = frozenset()
        self.heard: list[Any] = []

    async def get_response(
        self, system_instructions: Any, input: Any, model_settings: Any, tools: Any, *rest: Any, **options: Any
    ) -> ModelResponse:
        self.tools = frozenset(tool.name for tool in tools)
        outputs = [item for item in input if isinstance(item, dict) and item.get("type") == "function_call_output"]
        if not outputs:
            return asking(self._wish)
        self.heard = outputs[-1]["output"]
        said = ResponseOutputText(annotations=[], text="Done.", type="output_text")
        message = ResponseOutputMessage(
            id="message-1", content=[said], role="assistant", status="completed", type="message"
        )
        return ModelResponse(output=[message], usage=Usage(), response_id=None)

    def stream_response(self, *arguments: Any, **options: Any) -> AsyncIterator[Any]:
        raise NotImplementedError("the run is not streamed")


def asking(wish: Wish, *, number: int = 1) -> ModelResponse:
    """Returns the model's wish to call the tool."""
    call = ResponseFunctionToolCall(
        arguments=json.dumps(wish.arguments), call_id=f"call-{number}", name=wish.tool, type="function_call"
    )
    return ModelResponse(output=[call], usage=Usage(), response_id=None)


async def converse(place: Place, wish: Wish) -> Heard:
    model = Scripted(wish)
    async with _server(place) as server:
        agent = Agent(name="painter", model=model, mcp_servers=[server])
        await Runner.run(agent, "A picture, please.", run_config=RunConfig(tracing_disabled=True))
    return Heard(
        tools=model.tools,
        words="\n".join(part["text"] for part in model.heard if part["type"] == "input_text"),
        pictures=tuple(decoded(part["image_url"]) for part in model.heard if part["type"] == "input_image"),
    )


def _server(place: Place) -> MCPServer:
    if place.url is not None:
        return MCPServerStreamableHttp(params={"url": place.url}, client_session_timeout_seconds=CALL_SECONDS)
    return MCPServerStdio(
        params={"command": place.program, "args": place.arguments, "env": dict(place.variables)},
        client_session_timeout_seconds=CALL_SECONDS,
    )
