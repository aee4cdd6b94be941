"""Turns what a run names into what the store keeps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import JsonValue

from flora_mcp.flora.types import Generation, Output, RunState
from flora_mcp.outputs._blobs import Blobs
from flora_mcp.outputs._pictures import picture_size_px
from flora_mcp.outputs.media import TEXT_TYPE, MediaType, media_type
from flora_mcp.outputs.output import StoredOutput
from flora_mcp.outputs.uris import output_uri

TEXT_CHARACTERS = 1000
"""How much of a text its facts tell."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An output to be stored, under an id that is its own within the run."""

    run_id: str
    output_id: str
    position: int
    output: Output
    facts: dict[str, JsonValue]
    titles: tuple[str | None, ...] = ()
    """What it may be called by, the best first."""


def sound(text: str) -> str:
    """Returns the text with `?` for each half of a cut surrogate pair, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


def plain(text: str) -> str:
    """Returns the text as a database takes it: sound, with `?` for NUL, which PostgreSQL has no place for."""
    return sound(text).replace("\0", "?")


def wanted_of(run: RunState, *, model_id: str | None, prompt: str | None) -> Sequence[Wanted]:
    """Returns what the run names, each under an id of its own: upstream's ids may be empty or the same twice."""
    facts: dict[str, JsonValue] = json.loads(sound(json.dumps(run.facts or {}, ensure_ascii=False)))
    if model_id is None and isinstance(run, Generation) and run.model is not None:
        model_id = run.model.model_id
    if model_id is not None:
        facts["model_id"] = model_id
    wanted: dict[str, Wanted] = {}
    for position, output in enumerate(run.outputs or ()):
        output_id = plain(output.output_id) or f"output_{position + 1}"
        while output_id in wanted:
            output_id += f"~{position + 1}"
        own = _own(facts, output.output_id)
        titles = (
            prompt,
            *(str(own[name]) for name in ("prompt", "alt_text", "model_id") if own.get(name)),
            output.type,
        )
        wanted[output_id] = Wanted(
            run_id=plain(run.run_id), output_id=output_id, position=position, output=output, facts=own, titles=titles
        )
    return list(wanted.values())


def _own(facts: dict[str, JsonValue], output_id: str) -> dict[str, JsonValue]:
    """Returns what is known of one output: of a technique's run, whose outputs differ, that is told for each."""
    each = facts.get("outputs")
    if not isinstance(each, dict):
        return facts
    own = each.get(output_id)
    shared = {name: value for name, value in facts.items() if name != "outputs"}
    return {**shared, **own} if isinstance(own, dict) else shared


def keep(item: Wanted, content: bytes, *, blobs: Blobs, created_at: datetime) -> StoredOutput:
    """Writes the bytes of an output and returns what they are. Blocking; the index does not know of it yet.

    Raises:
        OSError: the file cannot be written.
    """
    # A text may begin with anything, the magic bytes of another form among it.
    kind = TEXT_TYPE if item.output.type == "text" else media_type(content)
    alt_text = item.facts.get("alt_text")
    facts = dict(item.facts)
    if item.output.type.removesuffix("Url") != kind.type:
        facts["announced_type"] = item.output.type
    if kind.type == "text":
        facts["text"] = _beginning(content)
    sha256, path = blobs.put(content, extension=kind.extension)
    width_px, height_px = _size(content, kind)
    return StoredOutput(
        run_id=item.run_id,
        output_id=item.output_id,
        type=kind.type,
        uri=output_uri(item.run_id, item.output_id),
        path=path,
        mime_type=kind.mime_type,
        size_bytes=len(content),
        width_px=width_px,
        height_px=height_px,
        sha256=sha256,
        created_at=created_at,
        alt_text=plain(alt_text) if isinstance(alt_text, str) and alt_text.strip() else None,
        facts=facts,
        source_url=None if item.output.type == "text" else plain(item.output.url),
    )


def keep_again(output: StoredOutput, content: bytes, *, blobs: Blobs) -> StoredOutput | None:
    """Writes bytes that were fetched once more; None if they are something else now. Blocking.

    Raises:
        OSError: the file cannot be written.
    """
    kind = TEXT_TYPE if output.source_url is None else media_type(content)
    if kind.mime_type != output.mime_type:
        return None
    sha256, path = blobs.put(content, extension=kind.extension)
    if sha256 == output.sha256:
        return output
    width_px, height_px = _size(content, kind)
    return replace(output, path=path, size_bytes=len(content), width_px=width_px, height_px=height_px, sha256=sha256)


def _size(content: bytes, kind: MediaType) -> tuple[int, int] | tuple[None, None]:
    return picture_size_px(content, mime_type=kind.mime_type) or (None, None)


def _beginning(content: bytes) -> str:
    """Returns the first characters of a text, for facts that are told without opening the file."""
    text = content.decode("utf-8")
    return text if len(text) <= TEXT_CHARACTERS else text[: TEXT_CHARACTERS - 1] + "…"
