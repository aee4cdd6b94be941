"""How much all programs of a sandbox may use together."""

from dataclasses import dataclass

from code_sandbox.outcome import Failure

MIB = 1024 * 1024
MEMORY_SHARE = 0.6
"""Of the machine's memory, or of what a control group leaves of it, where no budget is given."""


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """The bounds of a sandbox as a whole. Each program has its own besides: `Limits`."""

    programs_at_once: int = 64
    """Further programs wait, outside their own wall limit."""
    programs_waiting: int = 2_000
    """Further programs are refused at once."""
    programs_per_tenant: int = 8
    """Programs at once of one tenant. Does not bind programs without a tenant."""
    total_memory_bytes: int | None = None
    """Memory of all running programs. Above it the largest is ended. None: 60 % of what this machine has."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            least = 0 if name == "programs_waiting" else 1
            if value is not None and value < least:
                raise ValueError(f"{name}={value!r} must be at least {least}")


def crowded(capacity: Capacity) -> Failure:
    """Returns why a program is not even queued."""
    return Failure(
        type_name="LimitReached",
        message=f"Too many programs wait to be run (programs_waiting = {capacity.programs_waiting:,}). "
        "This one was not started, and made no calls.",
        hint="Send it again in a minute.",
        limit="programs_waiting",
    )


def evicted(budget_bytes: int) -> Failure:
    """Returns why a program was ended though it kept its own limits."""
    return Failure(
        type_name="LimitReached",
        message="All programs together used too much memory, and this one used the most "
        f"(total_memory_bytes = {budget_bytes / MIB:,.0f} MiB).",
        hint="Keep less data at a time, and run fewer programs at once.",
        limit="total_memory_bytes",
    )
