"""`flora-mcp studio`: serving the studio, and the commands on its data."""

from flora_mcp.cli.studio.commands import add_arguments, run

__all__ = ["add_arguments", "run"]
