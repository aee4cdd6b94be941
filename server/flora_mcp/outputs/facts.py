"""Says in text what an output is, for a model that may not see it."""

import json

from pydantic import JsonValue

from flora_mcp.outputs.output import StoredOutput

ALT_TEXT_CHARACTERS = 400
"""A longer alt text is cut; models invent what they cannot see, but need no essay."""


def facts(output: StoredOutput, *, url: str | None = None) -> dict[str, JsonValue]:
    """Returns what is known of an output, as JSON without empty entries.

    Args:
        output: The output.
        url: Where the file can be had over HTTP, if not where the output itself says. It takes the place of the
            file's path, which is for clients on the same machine only.
    """
    url = url or output.url
    alt_text = " ".join((output.alt_text or "").split())
    if len(alt_text) > ALT_TEXT_CHARACTERS:
        alt_text = alt_text[: ALT_TEXT_CHARACTERS - 1] + "…"
    known: dict[str, JsonValue] = {
        "output_id": output.output_id,
        "type": output.type,
        "width_px": output.width_px,
        "height_px": output.height_px,
        "mime_type": output.mime_type,
        "size_bytes": output.size_bytes,
        "model_id": output.facts.get("model_id"),
        "seed": output.facts.get("seed"),
        "alt_text": alt_text or None,
        "text": output.facts.get("text"),
        "path": output.place if url is None else None,
        "url": url,
        "uri": output.uri,
    }
    return {name: value for name, value in known.items() if value is not None}


def describe(output: StoredOutput, *, url: str | None = None) -> str:
    """Returns the facts of an output as one line, which ends with its file and its resource."""
    known = facts(output, url=url)
    parts = [output.type, _pixels(output), output.mime_type, written_size(output.size_bytes)]
    parts += [f"{word} {known[name]}" for word, name in (("model", "model_id"), ("seed", "seed")) if name in known]
    if "alt_text" in known:
        parts.append(f"alt text {json.dumps(known['alt_text'], ensure_ascii=False)}")
    if "text" in known:
        parts.append(f"text {json.dumps(known['text'], ensure_ascii=False)}")
    parts.append(f"file {known.get('url') or known['path']}")
    return f"{output.output_id}: {', '.join(filter(None, parts))}, {output.uri}"


def mark(output: StoredOutput) -> str:
    """Returns the short form that stands in text where an output's bytes would be."""
    size = f" {output.width_px}x{output.height_px}" if output.width_px else ""
    form = output.mime_type.split(";")[0].split("/")[1]
    return f"<{output.type}{size} {form} {written_size(output.size_bytes)} {output.uri}>"


def written_size(size_bytes: int) -> str:
    """Returns a size for people: `812 bytes`, `1.2 MB`; a kB has 1000 bytes."""
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 999_950:
        return f"{size_bytes / 1000:.1f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def _pixels(output: StoredOutput) -> str:
    return f"{output.width_px}x{output.height_px} px" if output.width_px and output.height_px else ""
