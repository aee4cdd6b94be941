"""Money: what a call may cost, what all calls have cost, the cap on it, and the book that keeps it."""

from flora_mcp.flora.spending.charges import Charge, PaidCall, Start, Totals
from flora_mcp.flora.spending.ledger import Entry, Ledger
from flora_mcp.flora.spending.prices import Price, Prices
from flora_mcp.flora.spending.spending import Spending

__all__ = ["Charge", "Entry", "Ledger", "PaidCall", "Price", "Prices", "Spending", "Start", "Totals"]
