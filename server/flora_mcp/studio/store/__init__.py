"""The studio's data: tables, transactions and queries."""

from flora_mcp.studio.store.database import Database

__all__ = ["Database"]
