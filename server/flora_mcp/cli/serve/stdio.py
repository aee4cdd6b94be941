"""Serves MCP over standard input and output, until the client is gone or a signal comes."""

import sys

import anyio

from flora_mcp.cli.errors import CommandError, first
from flora_mcp.cli.serve.memory import give_memory_back
from flora_mcp.cli.signals import ending_on_signals
from flora_mcp.cli.standard_input import StandardInput
from flora_mcp.errors import IsolationError
from flora_mcp.late import open_late
from flora_mcp.protocol import serve_stdio
from flora_mcp.settings import Settings, SettingsError

HINT = (
    "flora-mcp: this is an MCP server; it waits for an MCP client on standard input. Ctrl-C ends it.\n"
    "flora-mcp: to see it work: flora-mcp demo. All commands: flora-mcp --help.\n"
)


def run(settings: Settings) -> int:
    """Serves and returns 0: a server that is told to stop, or whose client is gone, has not failed.

    Raises:
        CommandError: nothing can be served here, or not as safely as asked.
        SettingsError: a rule of the settings names nothing that there is.
    """
    if sys.stdin is None or sys.stdout is None:
        raise CommandError("standard input or output is closed, and MCP is spoken there; start it from an MCP client")
    if sys.stdin.isatty():
        sys.stderr.write(HINT)
    trouble: BaseException | None = None
    try:
        with ending_on_signals(StandardInput().end):
            anyio.run(_serve, settings)
    except* BrokenPipeError:
        pass  # the client went away while an answer was on its way
    except* (OSError, IsolationError, SettingsError) as group:
        trouble = first(group)
    if isinstance(trouble, IsolationError):
        raise CommandError(str(trouble)) from trouble
    if isinstance(trouble, SettingsError):
        raise trouble
    if trouble is not None:
        raise CommandError(f"the server cannot work: {trouble}. See FLORA_DATA_DIR in flora-mcp --help") from trouble
    return 0


async def _serve(settings: Settings) -> None:
    async with open_late(settings) as server:
        give_memory_back()
        await serve_stdio(server)
