"""How answers speak of money."""

from dataclasses import dataclass

from flora_mcp.flora import Spending

CAP = "FLORA_MAX_SPEND_USD"


@dataclass(frozen=True, kw_only=True)
class Purse:
    """The session's money, and the words for it."""

    spending: Spending
    money: str
    """What costs are counted in, such as `USD`."""
    idle_cap: bool = False
    """A cap is set, but what is counted here is no money: it does not bind."""

    def session(self) -> str:
        """Returns what the session has spent, and how that stands to the cap."""
        totals = self.spending.totals
        told = f"{totals.span[:1].upper()}{totals.span[1:]}: {totals.spent_usd:.3f} spent"
        if totals.reserved_usd:
            told += f", {totals.reserved_usd:.3f} reserved for what is not settled"
        if totals.uncertain:
            told += f" ({totals.uncertain} without a clear answer)"
        if totals.cap_usd is not None:
            told += f", cap {totals.cap_usd:.3f} ({CAP})"
        if self.idle_cap:
            told += f"; {CAP} caps real money only"
        return f"{told}."
