"""What processes that serve the same tenants share: executions, outputs, events, in one database."""

from flora_mcp.state.errors import StateError
from flora_mcp.state.notices import Notice
from flora_mcp.state.state import State

__all__ = ["Notice", "State", "StateError"]
