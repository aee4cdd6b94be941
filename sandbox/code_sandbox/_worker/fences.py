"""Markdown's code fences around a program, as models like to write them."""

import re

FENCE = re.compile(r"[ \t]*(?:```+|~~~+)[ \t]*([A-Za-z+#]*)")


def has_fences(text: str) -> bool:
    """Tells whether there may be a fence. Programs that come without are not looked at line by line."""
    return "```" in text or "~~~" in text


def fence_language(text: str) -> str | None:
    """Returns the language that the first fence names, in small letters; None without a fence or a name."""
    for line in text.split("\n") if has_fences(text) else ():
        found = FENCE.match(line)
        if found is not None:
            return found[1].lower() or None
    return None


def starts_fenced(text: str) -> bool:
    """Tells whether the first line that is not empty is a fence."""
    return has_fences(text) and FENCE.match(text.lstrip("\r\n")) is not None


def without_fences(text: str) -> str:
    """Blanks the lines outside of fences, so that line numbers stay what they were; the same text without a fence."""
    lines = text.split("\n") if has_fences(text) else []
    if not any(FENCE.match(line) for line in lines):
        return text
    inside = False
    kept = []
    for line in lines:
        if FENCE.match(line):
            inside = not inside
            kept.append("")
        else:
            kept.append(line if inside else "")
    return "\n".join(kept)
