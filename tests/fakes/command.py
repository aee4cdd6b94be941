"""The command line, run inside the process of the tests."""

from contextvars import Context

from flora_mcp.cli import main as command_line


def main(arguments: list[str]) -> int:
    """Runs a command as in a process of its own: what the tests' event loop has noted of itself is not seen there."""
    return Context().run(command_line, arguments)
