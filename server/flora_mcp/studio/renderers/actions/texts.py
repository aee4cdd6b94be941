"""Actions on texts: split, replace, join."""

import re

from flora_mcp.studio.renderers.actions.pictures import Inputs, Params

_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,4}[.)])\s+", re.MULTILINE)


def split_text(inputs: Inputs, params: Params) -> list[str]:
    """Cuts a text into parts; at most `max_parts`, of which the last holds the rest."""
    [text] = inputs["text"]
    mode = params["split_mode"]
    if mode == "separator":
        parts = text.split(params["separator"]) if params["separator"] else [text]
        glue = params["separator"]
    elif mode == "paragraph":
        parts, glue = re.split(r"\n\s*\n", text), "\n\n"
    elif mode == "bullets":
        parts, glue = _BULLET.split(text), "\n"
        parts = parts[1:] if len(parts) > 1 and not parts[0].strip() else parts
    elif mode == "lines":
        count = int(params["lines_per_part"])
        lines = text.splitlines()
        parts, glue = ["\n".join(lines[at : at + count]) for at in range(0, len(lines), count)], "\n"
    else:
        count = int(params["chars_per_part"])
        parts, glue = [text[at : at + count] for at in range(0, len(text), count)], ""
    if params["trim_parts"]:
        parts = [part.strip() for part in parts]
    if params["skip_empty"]:
        parts = [part for part in parts if part]
    most = int(params["max_parts"])
    if len(parts) > most:
        parts = [*parts[: most - 1], glue.join(parts[most - 1 :])]
    return parts or [""]


def find_and_replace(inputs: Inputs, params: Params) -> list[str]:
    """Replaces a literal text, never a pattern."""
    [text] = inputs["text"]
    if not params["find"]:
        return [text]
    pattern = re.escape(params["find"])
    if params["whole_word"]:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    flags = 0 if params["case_sensitive"] else re.IGNORECASE
    count = 0 if params["replace_all"] else 1
    return [re.sub(pattern, lambda _: params["replace"], text, count=count, flags=flags)]


def concat_text(inputs: Inputs, params: Params) -> list[str]:
    """Joins texts in the order that they were given in."""
    parts = [part.strip() if params["trim_parts"] else part for part in inputs["text"]]
    if params["skip_empty"]:
        parts = [part for part in parts if part]
    prefix, suffix = params["prefix"], params["suffix"]
    if params["wrap_each_part"]:
        parts = [f"{prefix}{part}{suffix}" for part in parts]
        prefix = suffix = ""
    if params["add_headers"]:
        parts = [f"Part {number}\n{part}" for number, part in enumerate(parts, 1)]
    return [prefix + params["separator"].join(parts) + suffix]
