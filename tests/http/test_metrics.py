"""What operators are told of the work of the server, and what nobody is told."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.serving import served
from mcp import Client, MCPError
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
)

from flora_mcp.auth import OpenDoor
from flora_mcp.protocol.http import build_app
from flora_mcp.protocol.http.figures import Family, Figures
from flora_mcp.tenant import Tenant

Context = ServerRequestContext[Any, Any]


async def call(context: Context, params: CallToolRequestParams) -> CallToolResult:
    if params.name != "draw":
        raise MCPError(INVALID_PARAMS, "Unknown tool")
    failed = "secret wish" in str(params.arguments)
    return CallToolResult(content=[TextContent(text="no")], is_error=failed)


async def tools(context: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(tools=[Tool(name="draw", input_schema={"type": "object"})])


async def test_requests_messages_and_calls_are_counted_and_nothing_of_what_they_say() -> None:
    server = Server[Any]("counted", on_call_tool=call, on_list_tools=tools)
    app = build_app(server, door=OpenDoor(Tenant(id="ada's own id", api_key="sk_1")))
    async with served(app) as url, httpx.AsyncClient() as web, Client(f"{url}/mcp", mode="legacy") as client:
        await client.call_tool("draw", {})
        await client.call_tool("draw", {"prompt": "secret wish"})
        for name in ("secret tool", "other secret tool"):
            with pytest.raises(MCPError):
                await client.call_tool(name, {})
        await web.get(f"{url}/outputs/secret-token/mug.png")
        answer = await web.get(f"{url}/metrics")
    told = answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'flora_mcp_messages_total{method="initialize",era="handshake",outcome="done"} 1.0',
        'flora_mcp_messages_total{method="tools/call",era="handshake",outcome="done"} 1.0',
        'flora_mcp_messages_total{method="tools/call",era="handshake",outcome="failed"} 1.0',
        'flora_mcp_messages_total{method="tools/call",era="handshake",outcome="refused"} 2.0',
        'flora_mcp_tool_seconds_count{tool="draw",outcome="done"} 1.0',
        'flora_mcp_tool_seconds_count{tool="unknown",outcome="refused"} 2.0',
        'flora_mcp_http_requests_total{path="other",status="404"} 1.0',
        "flora_mcp_sessions 1.0",
        "# TYPE flora_mcp_tool_seconds histogram",
    ):
        assert line in told.splitlines(), told
    assert not any(word in told for word in ("secret", "ada", "sk_1"))


def test_a_histogram_counts_up_to_each_bound() -> None:
    figures = Figures((Family(name="took", kind="histogram", help="How long."),))
    for seconds in (0.005, 0.2, 400.0):
        figures.observe("took", seconds, tool='a"b')
    told = figures.text().splitlines()
    assert told[:2] == ["# HELP took How long.", "# TYPE took histogram"]
    assert 'took_bucket{tool="a\\"b",le="0.005"} 1.0' in told
    assert 'took_bucket{tool="a\\"b",le="0.25"} 2.0' in told
    assert 'took_bucket{tool="a\\"b",le="60.0"} 2.0' in told
    assert 'took_bucket{tool="a\\"b",le="+Inf"} 3.0' in told
    assert told[-2:] == ['took_sum{tool="a\\"b"} 400.205', 'took_count{tool="a\\"b"} 3.0']


def test_workers_are_told_together_and_what_a_dead_one_had_is_left_out(tmp_path: Path) -> None:
    families = (Family(name="calls", kind="counter", help="Calls."), Family(name="open", kind="gauge", help="Open."))
    figures = Figures(families, directory=tmp_path, clock=lambda: 1000.0)
    figures.add("calls", 2)
    figures.gauge("open", lambda: 3)
    for name, at in (("live", 995.0), ("dead", 900.0)):
        (tmp_path / f"{name}.json").write_text(json.dumps({"at": at, "counted": {"calls": 10}, "gauges": {"open": 5}}))
    told = [line for line in figures.text().splitlines() if not line.startswith("#")]
    assert told == ["calls 22.0", "open 8.0"]
