"""Words the refusal of a call that does not fit under the cap."""

from __future__ import annotations

from flora_mcp.flora.errors import SpendCapError
from flora_mcp.flora.spending.charges import PaidCall, Totals, usd

CAP_VARIABLE = "FLORA_MAX_SPEND_USD"
UNKNOWN_VARIABLE = "FLORA_ALLOW_UNKNOWN_PRICES"


def over_the_cap(totals: Totals, call: PaidCall, *, wanted: int | None, allowed: bool) -> SpendCapError:
    """Returns the error for a call that is not sent.

    Args:
        totals: Of the session.
        call: What was to be sent.
        wanted: What would have to be set aside, in millionths of a dollar; None when nobody can tell.
        allowed: Calls of unknown price may go out as long as anything is left.
    """
    assert totals.cap_usd is not None
    if wanted is not None:
        reason = (
            f"This call is quoted at {usd(wanted):.3f} USD. Use something cheaper, wait for open runs (what they do "
            f"not use is given back), or ask the user to raise {CAP_VARIABLE}; sending it again does not help."
        )
    else:
        step = (
            f"Nothing is left of the cap; only the user can raise {CAP_VARIABLE}."
            if allowed
            else f"Use what has a price, or ask the user to set {UNKNOWN_VARIABLE}=true, which allows such calls."
        )
        reason = f"Nobody can tell what this call costs: {call.price.unknown_because} {step}"
    return SpendCapError(
        f"Not sent, nothing was spent on it: the cap of {totals.span} is {totals.cap_usd:.3f} USD ({CAP_VARIABLE}), "
        f"spent are {totals.spent_usd:.3f}, and {totals.reserved_usd:.3f} are reserved for calls whose cost is not "
        f"settled. {reason}",
        spent_usd=totals.spent_usd,
        reserved_usd=totals.reserved_usd,
        cap_usd=totals.cap_usd,
        quote_usd=None if wanted is None else usd(wanted),
    )
