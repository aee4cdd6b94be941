"""What runs made: fetched once, measured by its bytes, shown small, published as resources."""

from flora_mcp.outputs.addresses import Addresses
from flora_mcp.outputs.errors import (
    CursorError,
    FetchError,
    OutputError,
    OutputGoneError,
    StoreError,
    StoreFullError,
    TooLargeError,
    UriError,
)
from flora_mcp.outputs.exhibit import Exhibit, exhibit, exhibits
from flora_mcp.outputs.facts import describe, facts, mark, written_size
from flora_mcp.outputs.media import SVG
from flora_mcp.outputs.output import Collected, CollectFailure, OutputType, StoredOutput
from flora_mcp.outputs.own_addresses import OwnAddresses
from flora_mcp.outputs.previews import MAX_BASE64_BYTES, MOST_SIDE_PX, PICTURED, Previews, exhibition, previews
from flora_mcp.outputs.resources import contents, link, parse_uri, resource, template
from flora_mcp.outputs.shelf import Shelf
from flora_mcp.outputs.store import Fetch, Fetched, OutputStore

__all__ = [
    "MAX_BASE64_BYTES",
    "MOST_SIDE_PX",
    "PICTURED",
    "SVG",
    "Addresses",
    "CollectFailure",
    "Collected",
    "CursorError",
    "Exhibit",
    "Fetch",
    "FetchError",
    "Fetched",
    "OutputError",
    "OutputGoneError",
    "OutputStore",
    "OutputType",
    "OwnAddresses",
    "Previews",
    "Shelf",
    "StoreError",
    "StoreFullError",
    "StoredOutput",
    "TooLargeError",
    "UriError",
    "contents",
    "describe",
    "exhibit",
    "exhibition",
    "exhibits",
    "facts",
    "link",
    "mark",
    "parse_uri",
    "previews",
    "resource",
    "template",
    "written_size",
]
