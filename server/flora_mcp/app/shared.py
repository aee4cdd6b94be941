"""What all tenants of one process share."""

from collections.abc import Callable
from dataclasses import dataclass

from code_sandbox import Sandbox
from flora_mcp.executions import Intervals
from flora_mcp.flora import ASGIApp, Rules
from flora_mcp.flora.methods import MethodEntry
from flora_mcp.outputs import Shelf
from flora_mcp.protocol import News
from flora_mcp.settings import Settings
from flora_mcp.state import State
from flora_mcp.tools import Offer
from flora_mcp.uploads import Roots


@dataclass(frozen=True, kw_only=True)
class Shared:
    """Opened once, before the first tenant; closed after the last."""

    settings: Settings
    sandbox: Sandbox
    state: State
    news: News
    shelf: Shelf
    """Where outputs are kept."""
    intervals: Intervals
    """How often executions look at each other, and how long they wait."""
    alone: bool
    """Serves one user, who begins and ends it: spending is counted from its start, and by itself."""
    roots: Roots
    """The folders of this machine whose files may be uploaded."""
    rules: Rules
    methods: tuple[MethodEntry, ...]
    """What programs may call."""
    offer: Offer
    """Which tools are offered."""
    backend: ASGIApp | None
    """Answers those with a key in process, instead of the network."""
    studio: ASGIApp
    """Answers those without a key."""
    warm: Callable[[], None]
    """Begins to open the studio; returns at once."""
