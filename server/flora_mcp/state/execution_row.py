"""What the shared database knows of one execution; apart from the tables, which a starting server does not import."""

from dataclasses import dataclass
from typing import Literal

RowStatus = Literal["running", "completed", "failed", "cancelled", "interrupted"]
"""`interrupted`: whoever ran it is gone."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What is about to be executed, and by whom. See `ExecutionRow` for the fields."""

    id: str
    tenant: str
    kind: str
    content: str
    owner: str
    spent: bool
    record: str


@dataclass(frozen=True, kw_only=True)
class Saving:
    """What an owner writes down of its execution. See `ExecutionRow` for the fields."""

    id: str
    tenant: str
    owner: str
    status: RowStatus
    spent: bool
    told: bool
    record: str


@dataclass(frozen=True, kw_only=True)
class ExecutionRow:
    """One program, or one wish, as all processes see it. Times are seconds since 1970 by the database's clock."""

    id: str
    tenant: str
    kind: str
    content: str
    """Stands for what was asked: two executions with the same one were asked for the same."""
    owner: str
    """The process that runs it; nobody once it was found to be gone."""
    status: RowStatus
    spent: bool
    """It has called what costs money: what it did must be told before it is done once more."""
    told: bool
    """An answer has told how it ended."""
    started_at: float
    beat_at: float
    """When its owner was last heard of; of an ended one, its end."""
    held_at: float | None
    """When the last call that asked for it was cancelled; None while somebody wants it."""
    record: str
    """What it did, as its owner writes it down."""
    age_seconds: float
    """Since its start."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an execution stands with the others, told to its owner."""

    owned: bool
    """False when another process took its owner for gone: then it must not go on."""
    held: bool
