"""Pydantic AI: an agent whose model makes one call, and is asked again with the answer."""

from typing import Any

from clients.conversation import CALL_SECONDS, Heard, Place, Wish
from fastmcp.client.transports import StdioTransport
from pydantic_ai import Agent
from pydantic_ai.mcp import MCPToolset
from pydantic_ai.messages import BinaryImage, ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel


class Scripted:
    """Calls a tool, then says that it is done; keeps what it was told."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self.tools: frozenset[str] = frozenset()
        self.heard: list[Any] = []

    async def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.tools = frozenset(tool.name for tool in info.function_tools)
        returns = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
        if not returns:
            return ModelResponse(parts=[ToolCallPart(self._wish.tool, self._wish.arguments)])
        content = returns[0].content
        self.heard = content if isinstance(content, list) else [content]
        return ModelResponse(parts=[TextPart("Done.")])


async def converse(place: Place, wish: Wish) -> Heard:
    model = Scripted(wish)
    agent = Agent(FunctionModel(model), toolsets=[_toolset(place)])
    async with agent:
        await agent.run("A picture, please.")
    return Heard(
        tools=model.tools,
        words="\n".join(part for part in model.heard if isinstance(part, str)),
        pictures=tuple(part.data for part in model.heard if isinstance(part, BinaryImage)),
    )


def _toolset(place: Place) -> MCPToolset[None]:
    if place.url is not None:
        return MCPToolset(place.url, read_timeout=CALL_SECONDS)
    transport = StdioTransport(place.program, place.arguments, env=dict(place.variables), keep_alive=False)
    return MCPToolset(transport, read_timeout=CALL_SECONDS)
