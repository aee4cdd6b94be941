"""The tools: each translates between MCP and the parts that do the work."""

from flora_mcp.tools.execute import Execute
from flora_mcp.tools.generate import Generate
from flora_mcp.tools.list_models import ListModels
from flora_mcp.tools.offer import Offer, OfferError
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.tools.programs import Programs
from flora_mcp.tools.purse import Purse
from flora_mcp.tools.search_docs import SearchDocs
from flora_mcp.tools.show import Show
from flora_mcp.tools.sights import Sights
from flora_mcp.tools.toolbox import Toolbox
from flora_mcp.tools.upload import Upload
from flora_mcp.tools.wait import Wait
from flora_mcp.tools.wishes import Wishes

__all__ = [
    "Execute",
    "Generate",
    "ListModels",
    "Offer",
    "OfferError",
    "Patience",
    "Programs",
    "Progress",
    "Purse",
    "SearchDocs",
    "Show",
    "Sights",
    "Toolbox",
    "Upload",
    "Wait",
    "Wishes",
]
