"""`flora-mcp demo`: what an agent does through MCP, for a person to see."""

from flora_mcp.cli.demo.demo import run

__all__ = ["run"]
