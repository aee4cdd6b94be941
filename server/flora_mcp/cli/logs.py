"""Where what happens is told: never on standard output, which belongs to MCP."""

import logging
import sys


def log_to_stderr(level: str) -> None:
    """Sends logs of at least that level to standard error; `off` sends none."""
    if level == "off":
        logging.disable(logging.CRITICAL)
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.CRITICAL if level == "off" else level.upper(),
        format="flora-mcp: %(levelname)s: %(name)s: %(message)s",
    )
