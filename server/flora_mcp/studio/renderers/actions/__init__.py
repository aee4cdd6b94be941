"""Actions on pictures and texts, in Pillow and numpy."""

from flora_mcp.studio.renderers.actions.perform import ACTIONS, perform

__all__ = ["ACTIONS", "perform"]
