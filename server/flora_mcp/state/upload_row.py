"""What processes know together of one upload."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class UploadRow:
    """One file on its way to one place, or there."""

    asset_id: str | None
    """None while it is on its way."""
    mine: bool
    """Whether whoever asked is the one to upload it."""
    attempt: int
    """Grows when an attempt has failed: what FLORA answered to it then does not hold for the next one."""
    age_seconds: float
    """Since it was ready; of one that is on its way, since it began."""
