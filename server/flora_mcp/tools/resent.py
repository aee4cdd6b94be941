"""Says that a call got what an earlier one had begun."""

from flora_mcp.executions import Execution

NOUNS = {"program": "the program", "wish": "the call"}
CHANGES = {"program": "change it, e.g. add a comment", "wish": "change it, e.g. the seed or the wording"}


def resent(execution: Execution, *, age_seconds: float) -> str:
    """Returns why nothing was started, and how to have it started once more."""
    age = f"{age_seconds:.0f} s" if age_seconds < 120 else f"{age_seconds / 60:.0f} min"
    picked = f"Picked up {NOUNS[execution.kind]} that was started {age} ago ({execution.id}); "
    if execution.is_over:
        return f"{picked}no answer had told its end, so it was not started again. Sent once more, it starts anew."
    return f"{picked}it was not started again. To run it once more, {CHANGES[execution.kind]}."
