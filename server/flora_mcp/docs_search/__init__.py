"""What an agent can look up: pages of methods, models, actions and techniques, and guides."""

from flora_mcp.docs_search.docs import Docs
from flora_mcp.docs_search.page import Language
from flora_mcp.docs_search.parameters import model_parameter

__all__ = ["Docs", "Language", "model_parameter"]
