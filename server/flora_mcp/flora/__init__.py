"""FLORA's REST API as typed Python: resources, a table of all methods, and what can go wrong."""

from flora_mcp.flora import errors, types
from flora_mcp.flora._http import ASGIApp, Transport
from flora_mcp.flora.attempts import Surroundings
from flora_mcp.flora.client import DEFAULT_BASE_URL, Flora, Media
from flora_mcp.flora.methods import METHODS, MethodEntry, ParameterEntry
from flora_mcp.flora.pages import Page, Pages
from flora_mcp.flora.rules import Rules, RulesError
from flora_mcp.flora.spending import Ledger, Spending, Totals

__all__ = [
    "DEFAULT_BASE_URL",
    "METHODS",
    "ASGIApp",
    "Flora",
    "Ledger",
    "Media",
    "MethodEntry",
    "Page",
    "Pages",
    "ParameterEntry",
    "Rules",
    "RulesError",
    "Spending",
    "Surroundings",
    "Totals",
    "Transport",
    "errors",
    "types",
]
