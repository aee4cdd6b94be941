"""Files on their way to FLORA: what may be read here, what FLORA takes, and nothing twice."""

from flora_mcp.uploads.addresses import public_address
from flora_mcp.uploads.content import Content, File, Link, file_of, plain_name
from flora_mcp.uploads.data_url import read_data_url
from flora_mcp.uploads.errors import RefusedError
from flora_mcp.uploads.folders import media_folders
from flora_mcp.uploads.roots import Roots
from flora_mcp.uploads.uploads import Done, Flight, Place, Uploads

__all__ = [
    "Content",
    "Done",
    "File",
    "Flight",
    "Link",
    "Place",
    "RefusedError",
    "Roots",
    "Uploads",
    "file_of",
    "media_folders",
    "plain_name",
    "public_address",
    "read_data_url",
]
