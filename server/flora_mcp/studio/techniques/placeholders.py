"""Texts with `{name}` in them. A name is replaced by a text and by nothing else: there is nothing to evaluate."""

import re
from collections.abc import Mapping

_PIECE = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*(?:\|[a-z][a-z0-9_]*)*)\}|[{}]")


def references(template: str) -> list[str]:
    """Returns what stands between braces, such as `subject` or `photo|scene`, in its order."""
    return [found.group(1) for found in _PIECE.finditer(template) if found.group(1) is not None]


def stray_brace(template: str) -> str | None:
    """Returns the first brace, with what follows, that belongs to no placeholder."""
    for found in _PIECE.finditer(template):
        if found.group() in "{}":
            return template[found.start() : found.start() + 20]
    return None


def filled(template: str, texts: Mapping[str, str | None]) -> str | None:
    """Returns the template with its placeholders replaced, once: what they are replaced by is not looked at again.

    Args:
        template: A text; `{{` and `}}` stand for braces.
        texts: By name; None where there is none.

    Returns:
        None when a placeholder has no text, nor any of its stand-ins.
    """
    pieces = []
    position = 0
    for found in _PIECE.finditer(template):
        pieces.append(template[position : found.start()])
        position = found.end()
        if found.group(1) is None:
            pieces.append(found.group()[0])
            continue
        text = next((texts[name] for name in found.group(1).split("|") if texts.get(name) is not None), None)
        if text is None:
            return None
        pieces.append(text)
    return "".join(pieces) + template[position:]
