"""SQLite or PostgreSQL by URL, with one kind of transaction for each need."""

from flora_mcp.database.database import Database
from flora_mcp.database.errors import DatabaseUnavailableError
from flora_mcp.database.servers import BUSY_SECONDS
from flora_mcp.database.trouble import is_away, reason

__all__ = ["BUSY_SECONDS", "Database", "DatabaseUnavailableError", "is_away", "reason"]
