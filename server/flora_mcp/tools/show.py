"""The tool `show`: pictures of what there is, as large as they are wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any

import anyio
import anyio.to_thread
from mcp_types import CallToolResult, ContentBlock, TextContent, Tool, ToolAnnotations
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.flora.errors import FloraError
from flora_mcp.outputs import (
    MOST_SIDE_PX,
    SVG,
    Exhibit,
    OutputError,
    StoredOutput,
    describe,
    exhibition,
    exhibits,
    link,
)
from flora_mcp.tools import excerpt
from flora_mcp.tools.answer import LINKS
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.tools.sights import Foreign, Sight, Sights
from flora_mcp.uploads import RefusedError

DESCRIPTION = """Shows outputs, runs, assets, files or URLs: pictures, a contact sheet of more than 4, a video's \
poster, a sound's waveform, texts. Example: {"items": ["run_a", "asset_b"]}."""

MOST_ITEMS = 36
LEAST_SIDE_PX = 64

TOO_LATE = "it did not come in time; call show again for it."
AT_ONCE = 3
"""Items that are looked for together."""

FOREIGN_BYTES = 150 * 1024 * 1024
"""All bytes from elsewhere that one call holds."""

TEXT_CHARS = 18_000
"""All texts together; the facts of the rest need room too."""

LEAST_TEXT_CHARS = 400


class ShowArguments(Arguments):
    items: Annotated[
        Annotated[list[str], Field(min_length=1, max_length=MOST_ITEMS)] | SkipJsonSchema[str],
        Field(description="Ids, flora:// or https:// addresses."),
    ]
    size_px: Annotated[
        Annotated[int, Field(ge=LEAST_SIDE_PX, le=MOST_SIDE_PX)] | SkipJsonSchema[None],
        Field(default=None, description="Longest side."),
    ]


@dataclass(kw_only=True)
class _Findings:
    """What came of each item, by its place among them."""

    items: Sequence[str]
    sights: dict[int, Sequence[Sight]] = field(default_factory=dict)
    troubles: dict[int, str] = field(default_factory=dict)
    foreign_bytes: int = 0

    @property
    def found(self) -> list[Sight]:
        return [sight for place in sorted(self.sights) for sight in self.sights[place]]

    def lines(self) -> list[str]:
        """Tells of the items that are not shown."""
        missing = {
            place: self.troubles.get(place, "it did not come in time; call show again.") for place in self._left()
        }
        return [f"Not shown, {excerpt.without_data(self.items[place])[:200]}: {missing[place]}" for place in missing]

    def _left(self) -> list[int]:
        return [place for place in range(len(self.items)) if place not in self.sights]


class Show:
    """Finds each item, and shows what was found within the budget."""

    definition = Tool(
        name="show",
        title="Show",
        description=DESCRIPTION,
        input_schema=schema(ShowArguments),
        annotations=ToolAnnotations(read_only_hint=True, idempotent_hint=True),
    )

    def __init__(self, *, sights: Sights, patience: Patience) -> None:
        self._sights = sights
        self._patience = patience

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        asked = read(ShowArguments, arguments, tool="show")
        items = [asked.items] if isinstance(asked.items, str) else asked.items
        findings = _Findings(items=list(dict.fromkeys(item.strip() for item in items)))
        await self._patience.wait(
            lambda: self._find(findings), progress=progress, watched=lambda: (), idle=lambda: "looking"
        )
        return await anyio.to_thread.run_sync(_answer, findings, asked.size_px)

    async def _find(self, findings: _Findings) -> None:
        limiter = anyio.CapacityLimiter(AT_ONCE)

        async def find(place: int) -> None:
            async with limiter:
                if findings.foreign_bytes > FOREIGN_BYTES:
                    findings.troubles[place] = "the others are too large to hold all at once; show it by itself."
                    return
                try:
                    sights = await self._sights.find(findings.items[place])
                except (ToolError, FloraError, OutputError, RefusedError) as exc:
                    findings.troubles[place] = str(exc)
                    return
                except OSError as exc:
                    findings.troubles[place] = f"it cannot be read ({exc.strerror or exc})."
                    return
                findings.sights[place] = sights
                findings.foreign_bytes += sum(each.exhibit.size_bytes for each in sights if isinstance(each, Foreign))

        async with anyio.create_task_group() as tasks:
            for place in range(len(findings.items)):
                tasks.start_soon(find, place)


def _answer(findings: _Findings, size_px: int | None) -> CallToolResult:
    found = findings.found
    shown = _exhibits(found)
    texts = [each for each in shown if _is_text(each)]
    pictures = exhibition([each for each in shown if not _is_text(each)], side_px=size_px)
    lines = [_line(sight) for sight in found]
    lines += [pictures.note] if pictures.note else []
    lines += findings.lines()
    lines += [_text(each, TEXT_CHARS // len(texts)) for each in texts]
    content: list[ContentBlock] = [TextContent(text=excerpt.text("\n".join(lines)))]
    content.extend(pictures.content)
    content.extend(link(sight) for sight in found[:LINKS] if isinstance(sight, StoredOutput))
    return CallToolResult(content=content, is_error=not found)


def _exhibits(found: Sequence[Sight]) -> list[Exhibit]:
    own = iter(exhibits([sight for sight in found if isinstance(sight, StoredOutput)]))
    return [next(own) if isinstance(sight, StoredOutput) else sight.exhibit for sight in found]


def _line(sight: Sight) -> str:
    if isinstance(sight, Foreign):
        return sight.describe()
    # Its text comes whole, further below.
    return describe(replace(sight, facts={name: value for name, value in sight.facts.items() if name != "text"}))


def _is_text(shown: Exhibit) -> bool:
    return shown.type == "text" or shown.mime_type == SVG


def _text(shown: Exhibit, chars: int) -> str:
    try:
        content = shown.media.read_bytes() if isinstance(shown.media, Path) else shown.media
    except OSError:
        return f"Text of {shown.name}: its file cannot be read."
    text = content.decode("utf-8", "replace")
    return f"Text of {shown.name}:\n{excerpt.text(text, chars=max(LEAST_TEXT_CHARS, chars))}"
