"""A small picture for each tool, for clients that show one.

The list of tools is part of every conversation, so the pictures are of 16 by 16 pixels in one colour, which is seen on
light and on dark ground; as WebP they take half the room of the same drawing in SVG.
"""

from collections.abc import Mapping

from mcp_types import Icon


def icon(webp: str) -> Icon:
    """Returns a picture, given in base64, as an icon that is its own address."""
    return Icon(src=f"data:image/webp;base64,{webp}")


ICONS: Mapping[str, Icon] = {
    "execute": icon("UklGRjYAAABXRUJQVlA4TCoAAAAvD8ADEAoEbdsG5fmTqd5tCBKpiP3v/wRw8HV2dtrZ2dnwGWgoiEaQZhs="),
    "search_docs": icon("UklGRi4AAABXRUJQVlA4TCIAAAAvD8ADEDUoahvJQXn8yfT69nSmqv3fActKDRmQXwKSRF8n"),
    "list_models": icon("UklGRiYAAABXRUJQVlA4TBoAAAAvD8ADEBCQEE76v0cODOL8z3+C7DPYfQa7zw=="),
    "generate": icon("UklGRjgAAABXRUJQVlA4TCwAAAAvD8ADEAoFbdtIKI8/mP2HIJGK2P/+TwDrb+IH9pyYFrYBh8SKZqA9Q/msCQ=="),
    "wait": icon("UklGRjgAAABXRUJQVlA4TCsAAAAvD8ADEAoFbdtIKI8/mL3HwJOK2P/+TwCvLXYsqazJfBD8uPTDlWvXXLo2AA=="),
    "show": icon("UklGRkAAAABXRUJQVlA4TDQAAAAvD8ADEA8wVYM4//Mf8FAUSVIz5CcSzskpI0lDCjKikIj+B8Aw06205Wsr+otuWXm6YQAA"),
    "upload": icon("UklGRjgAAABXRUJQVlA4TCsAAAAvD8ADEAoFbdtIKI8/mP3bAWikIva//xOg8KkI5LAZ/IjYI+tIMkr/Z5JxAA=="),
}

SERVER_ICON = ICONS["generate"]
