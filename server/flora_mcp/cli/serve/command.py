"""Runs `flora-mcp serve`: MCP over standard input and output, or over HTTP."""

import importlib
from dataclasses import replace

from flora_mcp.cli.serve import stdio
from flora_mcp.cli.serve.wanted import Wanted
from flora_mcp.settings import Settings


def run(wanted: object, settings: Settings) -> int:
    """Serves until a signal comes or the client is gone, and returns 0.

    Raises:
        CommandError: nothing can be served as asked.
        SettingsError: a variable and the options do not go together.
    """
    assert isinstance(wanted, Wanted)
    if wanted.tools:
        settings = replace(settings, tools=wanted.tools)
    if wanted.no_tools:
        settings = replace(settings, no_tools=wanted.no_tools)
    if wanted.read_only:
        settings = replace(settings, read_only=True)
    if wanted.http is None:
        return stdio.run(settings)
    # What HTTP needs takes a while to import, and a client that starts a server waits for that.
    code: int = importlib.import_module("flora_mcp.cli.serve.web").run(wanted.http, settings)
    return code
