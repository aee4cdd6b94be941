"""One output as the shared database holds it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OutputRow:
    """What is known of an output, whichever process stored it."""

    run_id: str
    output_id: str
    position: int
    """Its place in its run."""
    type: str
    file: str
    """Its place below the folder of blobs, which each machine has for itself: named by its content."""
    mime_type: str
    size_bytes: int
    width_px: int | None
    height_px: int | None
    sha256: str
    created_at: str
    """ISO 8601."""
    alt_text: str | None
    facts: str
    """JSON."""
    source_url: str | None
    readable_path: str | None
    """Where the user has a copy, on the machine that stored it."""
    address: str
    """The SHA-256 of the token in its HTTP address; who reads the table does not learn the token by it."""
    content: bytes | None = None
    """The bytes of an output that came inside its run, as they can be had nowhere else. Only ever written here:
    `Outputs.content` reads it."""


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Whose a file is; one with the same bytes may belong to several."""

    tenant: str
    file: str
