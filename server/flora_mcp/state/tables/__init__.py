"""The tables: who opens them finds a room for each kind of row."""

from flora_mcp.state.tables.opening import Tables, open_tables

__all__ = ["Tables", "open_tables"]
