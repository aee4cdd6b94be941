"""The command `flora-mcp`: serve (the default), demo, studio."""

from flora_mcp.cli.main import main

__all__ = ["main"]
