"""Reads what to ask for from standard input; writes what a LangChain model is handed, as its OpenAI sibling sends it.

Runs in an environment of its own, with `langchain-mcp-adapters` and the SDK that they are made for.
"""

import asyncio
import json
import sys
from typing import Any

from langchain_core.language_models.fake_chat_models import FakeMessagesListChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, convert_to_openai_messages
from langchain_mcp_adapters.client import MultiServerMCPClient
from langchain_mcp_adapters.tools import load_mcp_tools


class Scripted(FakeMessagesListChatModel):
    """Says what it is given to say; keeps what it was told."""

    heard: list[BaseMessage] = []

    def _generate(self, messages: list[BaseMessage], *rest: Any, **options: Any) -> Any:
        self.heard = messages
        return super()._generate(messages, *rest, **options)


async def converse(asked: dict[str, Any]) -> dict[str, Any]:
    client = MultiServerMCPClient({"flora": asked["connection"]})
    call = {"name": asked["tool"], "args": asked["arguments"], "id": "call-1", "type": "tool_call"}
    model = Scripted(responses=[AIMessage("", tool_calls=[call]), AIMessage("Done.")])
    async with client.session("flora") as session:
        tools = {tool.name: tool for tool in await load_mcp_tools(session)}
        messages: list[BaseMessage] = [HumanMessage("A picture, please.")]
        messages.append(await model.ainvoke(messages))
        [wanted] = messages[-1].tool_calls
        messages.append(await tools[wanted["name"]].ainvoke(wanted))
        await model.ainvoke(messages)
    return {"tools": list(tools), "content": convert_to_openai_messages(model.heard)[-1]["content"]}


json.dump(asyncio.run(converse(json.load(sys.stdin))), sys.stdout)
