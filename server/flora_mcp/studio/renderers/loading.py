"""Functions that are loaded when first asked for."""

import importlib
from typing import Any

ACTIONS = "flora_mcp.studio.renderers.actions:perform"
"""Where actions are done; loading it loads Pillow and numpy."""


def load(home: str) -> Any:
    """Returns what is at `module:name`."""
    module, _, name = home.partition(":")
    return getattr(importlib.import_module(module), name)
