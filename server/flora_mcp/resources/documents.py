"""Writes what is known of something as a JSON document that a model can read."""

import json
from collections.abc import Mapping

from mcp_types import TextResourceContents
from pydantic import JsonValue

JSON_TYPE = "application/json"


def document(uri: str, facts: Mapping[str, JsonValue]) -> TextResourceContents:
    """Returns the facts without those that are unknown."""
    known = {name: value for name, value in facts.items() if value is not None}
    return TextResourceContents(uri=uri, mime_type=JSON_TYPE, text=json.dumps(known, ensure_ascii=False, indent=1))
