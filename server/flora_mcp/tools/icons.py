"""A small picture for each tool, for clients that show one: a drawing on eight by eight squares."""

from collections.abc import Mapping

from mcp_types import Icon

COLOUR = "%2385f"
"""Seen on light and on dark ground."""


def icon(path: str) -> Icon:
    """Returns a drawing as an icon that is its own address. Commas in place of blanks keep it short."""
    return Icon(
        src="data:image/svg+xml,%3Csvg%20xmlns='http://www.w3.org/2000/svg'%20viewBox='0,0,8,8'%3E"
        f"%3Cpath%20fill='{COLOUR}'%20d='{path}'/%3E%3C/svg%3E"
    )


STAR = "M4,0l1,3l3,1l-3,1l-1,3l-1-3l-3-1l3-1z"

ICONS: Mapping[str, Icon] = {
    "execute": icon("M1,1l4,3l-4,3zm4,5h3v1h-3z"),
    "search_docs": icon("M0,1h3l1,1l1-1h3v6h-3l-1,1l-1-1h-3z"),
    "list_models": icon("M0,1h8v1h-8zm0,3h8v1h-8zm0,3h8v1h-8z"),
    "generate": icon(STAR),
    "wait": icon("M1,0h6l-2,4l2,4h-6l2-4z"),
    "show": icon("M0,4l4-3l4,3l-4,3zm3,0l1,1l1-1l-1-1z"),
    "upload": icon("M4,0l3,3h-2v3h-2v-3h-2zm-4,7h8v1h-8z"),
}

SERVER_ICON = icon(STAR)
