"""What one process tells the others."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something changed for a tenant; whoever cares looks anew."""

    tenant: str
    kind: str
    uri: str = ""
    """Of the one resource that changed; empty when it is a list."""
