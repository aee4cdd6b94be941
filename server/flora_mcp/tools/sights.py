"""Finds what an agent wants to see: outputs, assets, files, and what is at an address."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import anyio.to_thread

from flora_mcp.executions import Runs
from flora_mcp.flora import Flora
from flora_mcp.outputs import (
    PICTURED,
    Exhibit,
    OutputStore,
    OwnAddresses,
    StoredOutput,
    exhibit,
    parse_uri,
    written_size,
)
from flora_mcp.tools.errors import ToolError
from flora_mcp.uploads import Roots, read_data_url

MOST_BYTES = 50 * 1024 * 1024
"""Of one file from elsewhere."""

NAME_CHARS = 80

_RUN_URI = re.compile(r"flora://runs/([^/?#\s]+)")
_ASSET_URI = re.compile(r"flora://assets/([^/?#\s]+)")
_URL = re.compile(r"(?i)[a-z][a-z0-9+.-]*://")


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """Bytes that are no output of ours."""

    exhibit: Exhibit
    url: str | None
    """Where they are at full size; None of a file."""

    def describe(self) -> str:
        """Returns the facts as one line, as outputs are described."""
        shown = self.exhibit
        size = f"{shown.size_px[0]}x{shown.size_px[1]} px" if shown.size_px else ""
        parts = [shown.type, size, shown.mime_type, written_size(shown.size_bytes), self.url]
        return f"{shown.name}: {', '.join(part for part in parts if part)}"


Sight = StoredOutput | Foreign


class Sights:
    """Looks for things by whatever an agent may call them.

    Args:
        flora: Knows runs and assets, and fetches.
        store: Has the outputs.
        runs: Knows how runs stand.
        roots: The folders whose files may be seen.
        own: Knows the outputs' addresses over HTTP.
    """

    def __init__(self, *, flora: Flora, store: OutputStore, runs: Runs, roots: Roots, own: OwnAddresses) -> None:
        self._flora = flora
        self._store = store
        self._runs = runs
        self._roots = roots
        self._own = own

    async def find(self, item: str) -> Sequence[Sight]:
        """Returns what an item names: all outputs of a run, or one thing.

        Raises:
            ToolError: It names nothing that can be shown yet.
            FloraError: FLORA does not know it, or it cannot be fetched.
            OutputError: The store cannot be used.
            RefusedError: It is a file that may not be read.
        """
        run, asset = _RUN_URI.fullmatch(item), _ASSET_URI.fullmatch(item)
        if run is not None or item.startswith("run_"):
            return await self._run(unquote(run[1]) if run is not None else item)
        if asset is not None or item.startswith("asset_"):
            return [await self._asset(unquote(asset[1]) if asset is not None else item)]
        if item.lower().startswith("flora:"):
            return [await self._output(item)]
        if item.lower().startswith("data:"):
            return [Foreign(exhibit=exhibit("data", read_data_url(item)), url=None)]
        if item.lower().startswith("file:"):
            raise ToolError("pass the path itself, without 'file:'.")
        if _URL.match(item):
            output = await self._own.output(item)
            if output is not None:
                return [output]
            media = await self._flora.fetch_public(item, max_bytes=MOST_BYTES)
            return [Foreign(exhibit=_pictured(exhibit(_short(item), media.content)), url=item)]
        return [await anyio.to_thread.run_sync(self._file, item)]

    async def _run(self, run_id: str) -> Sequence[StoredOutput]:
        stored = await self._store.of_run(run_id)
        tracked = self._runs.get(run_id)
        state = tracked.state if tracked is not None else None
        if state is None:
            if stored:
                return stored
            state = await self._flora.own.generations.retrieve(run_id)
        if state.status == "failed":
            raise ToolError(f"it failed: {state.error_message or state.error_code or 'no reason was given'}.")
        if not state.ended:
            raise ToolError(f"it is {state.status}, {state.progress:.0f}% done. Call wait with its id first.")
        collected = await self._store.collect(state)
        if not collected:
            reasons = "; ".join(str(failure.error) for failure in collected.failures)
            raise ToolError(reasons or "it made nothing.")
        return collected

    async def _output(self, uri: str) -> StoredOutput:
        run_id, output_id = parse_uri(uri)
        found = await self._store.get(run_id, output_id)
        if found is not None:
            return found
        made = await self._run(run_id)
        for output in made:
            if output.output_id == output_id:
                return output
        raise ToolError(f"its run has no such output; it has {', '.join(output.uri for output in made)}.")

    async def _asset(self, asset_id: str) -> Foreign:
        asset = await self._flora.own.assets.retrieve(asset_id)
        if asset.status != "ready" or not asset.url:
            raise ToolError(f"it is {asset.status}: {asset.failure_message or 'its bytes are not there yet'}.")
        media = await self._flora.fetch(asset.url, max_bytes=MOST_BYTES)
        return Foreign(exhibit=exhibit(asset_id, media.content), url=asset.url)

    def _file(self, path: str) -> Foreign:
        """Reads a file that may be uploaded."""
        file, name = self._roots.open(path)
        with file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ToolError(f"it is larger than {MOST_BYTES} bytes.")
        return Foreign(exhibit=_pictured(exhibit(name, content)), url=None)


def _pictured(shown: Exhibit) -> Exhibit:
    """Returns what can be seen or heard: this is no way to read files or pages."""
    if shown.type not in PICTURED:
        raise ToolError(f"it is {shown.mime_type}. Pass a picture, a film or a sound.")
    return shown


def _short(url: str) -> str:
    bare = url.partition("?")[0].partition("#")[0]
    return bare if len(bare) <= NAME_CHARS else f"{bare[:NAME_CHARS]}…"
