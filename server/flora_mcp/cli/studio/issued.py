"""How a new key is shown: once."""

import sys

from flora_mcp.studio.issuing import Issued


def hand_out(issued: Issued) -> None:
    """Writes lines for an .env file, and to stderr what they are."""
    sys.stdout.write(f"FLORA_API_KEY={issued.key}\n")
    if issued.webhook_secret is not None:
        sys.stdout.write(f"FLORA_WEBHOOK_SECRET={issued.webhook_secret}\n")
    sys.stdout.flush()
    sys.stderr.write(
        f"Shown this once. The key is that of {issued.member_name!r}, {issued.role} of workspace "
        f"{issued.workspace_name!r} ({issued.workspace_id}).\n"
    )
