"""Values and texts cut to what a client shows, structurally, with marks that say what was cut."""

import json
import re
from typing import Any

TEXT_CHARS = 24_000
"""Longest text of an answer; clients cut longer ones without saying so."""

STRING_CHARS = 2_000
ITEMS = 100
DATA_CHARS = 256
"""A run of base64 at least this long is named instead of printed."""

_BASE64 = re.compile(
    rf"(?:data:(?P<mime>[\w.+-]+/[\w.+-]+)[^,\s]{{0,80}};base64,)?[A-Za-z0-9+/_-]{{{DATA_CHARS},}}={{0,2}}"
)


def text(value: str, *, chars: int = TEXT_CHARS) -> str:
    """Returns the text without base64, its middle cut when it is longer than `chars`: between lines if it has some."""
    clean = without_data(value)
    if len(clean) <= chars:
        return clean
    head, tail = clean[: chars * 3 // 4], clean[-(chars // 4) :]
    # Half of a line reads like a whole one; but a long line is not given up for a cut at its end.
    head_lines, tail_lines = head[: head.rfind("\n") + 1].rstrip("\n"), tail[tail.find("\n") + 1 :]
    head = head_lines if len(head_lines) * 2 > len(head) else head
    tail = tail_lines if len(tail_lines) * 2 > len(tail) else tail
    return f"{head}\n… {len(clean) - len(head) - len(tail)} characters cut …\n{tail}"


def without_data(value: str) -> str:
    """Replaces each run of base64 by its kind and size: it is of no use to a model."""
    if len(value) < DATA_CHARS:
        return value
    return _BASE64.sub(_name, value)


def dump(value: Any, *, chars: int) -> str:
    """Returns the value as compact JSON of at most about `chars`, ever fewer items of it until it fits."""
    items, string = ITEMS, STRING_CHARS
    while True:
        out = json.dumps(_cut(value, items=items, string=string), ensure_ascii=False, separators=(", ", ": "))
        if len(out) <= chars or (items <= 3 and string <= 80):
            return out if len(out) <= chars else text(out, chars=chars)
        items, string = max(3, items // 2), max(80, string // 2)


def _cut(value: Any, *, items: int, string: int) -> Any:
    if isinstance(value, str):
        clean = without_data(value)
        return clean if len(clean) <= string else f"{clean[:string]}… {len(clean) - string} characters cut"
    if isinstance(value, list):
        kept = [_cut(each, items=items, string=string) for each in value[:items]]
        return kept if len(value) <= items else [*kept, f"… {len(value) - items} more items cut"]
    if isinstance(value, dict):
        pairs = list(value.items())
        cut = {key: _cut(each, items=items, string=string) for key, each in pairs[:items]}
        return cut if len(pairs) <= items else {**cut, "…": f"{len(pairs) - items} more keys cut"}
    return value


def _name(match: re.Match[str]) -> str:
    mime = match["mime"]
    return f"<{mime or 'base64'} data, {len(match[0])} characters>"
