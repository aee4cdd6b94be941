"""The composition root: wires the parts, and owns how long they live."""

from flora_mcp.app.desks import Desks
from flora_mcp.app.doors import door_of
from flora_mcp.app.opening import open_app, open_desks

__all__ = ["Desks", "door_of", "open_app", "open_desks"]
