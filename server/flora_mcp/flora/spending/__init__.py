"""Money: what a call may cost, what all calls have cost, the cap on it, and the book that keeps it."""

from flora_mcp.flora.spending.book import Book, BookError, Learned, Sums, Till, sums_of
from flora_mcp.flora.spending.charges import Charge, PaidCall, Start, Totals
from flora_mcp.flora.spending.ledger import Entry, Ledger
from flora_mcp.flora.spending.prices import Price, Prices
from flora_mcp.flora.spending.spending import Spending

__all__ = [
    "Book",
    "BookError",
    "Charge",
    "Entry",
    "Learned",
    "Ledger",
    "PaidCall",
    "Price",
    "Prices",
    "Spending",
    "Start",
    "Sums",
    "Till",
    "Totals",
    "sums_of",
]
