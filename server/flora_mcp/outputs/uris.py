"""The address of an output, both ways."""

import re
from urllib.parse import quote, unquote

from flora_mcp.outputs.errors import UriError

URI_TEMPLATE = "flora://runs/{run_id}/outputs/{output_id}"
"""RFC 6570; both ids are percent-encoded."""

_URI = re.compile(r"flora://runs/([^/?#\s]+)/outputs/([^/?#\s]+)")


def output_uri(run_id: str, output_id: str) -> str:
    """Returns the address under which an output is a resource."""
    return URI_TEMPLATE.format(run_id=quote(run_id, safe=""), output_id=quote(output_id, safe=""))


def parse_uri(uri: str) -> tuple[str, str]:
    """Returns the run's id and the output's id.

    Raises:
        UriError: the address has another form.
    """
    match = _URI.fullmatch(uri)
    if match is None:
        raise UriError(uri=uri)
    try:
        return unquote(match[1], errors="strict"), unquote(match[2], errors="strict")
    except UnicodeDecodeError as exc:
        raise UriError(uri=uri) from exc
