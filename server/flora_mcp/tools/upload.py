"""The tool `upload`: brings a file to FLORA as an asset."""

import io
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, BinaryIO

import anyio.to_thread
from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import OutcomeUncertainError
from flora_mcp.outputs import OutputError, OutputStore, OwnAddresses, StoredOutput, parse_uri, written_size
from flora_mcp.state import StateError
from flora_mcp.tools import answer
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.uploads import (
    Content,
    Done,
    File,
    Link,
    Place,
    RefusedError,
    Roots,
    Uploads,
    file_of,
    plain_name,
    public_address,
    read_data_url,
)

DESCRIPTION = """Makes a FLORA asset of a file, free, and of the same file once. E.g. {"source": "~/a.png"}."""

UNDER_WAY = (
    "Not done yet: the upload goes on. Call upload again with the same arguments to get the asset; nothing is sent "
    "twice."
)

USE = (
    "Its url goes where a model's parameter takes a picture, a film or a sound; "
    "client.projects.assets.attach_asset(asset_id, project_id=…) puts it on a canvas."
)

Opened = Callable[[], tuple[BinaryIO, str | None]]
"""Opens a file, in a thread; returns it with the name that it has by itself."""

_URL = re.compile(r"(?i)[a-z][a-z0-9+.-]*://")


class UploadArguments(Arguments):
    source: Annotated[str, Field(description="Path, data: or https:// URL, flora:// output.")]
    name: Annotated[str | SkipJsonSchema[None], Field(default=None)]
    workspace_id: Annotated[str | SkipJsonSchema[None], Field(default=None)]
    project_id: Annotated[str | SkipJsonSchema[None], Field(default=None)]


class Upload:
    """Reads what may be read, has FLORA fetch what is public, and follows the upload within the budget."""

    definition = Tool(
        name="upload",
        title="Upload",
        description=DESCRIPTION,
        input_schema=schema(UploadArguments),
        annotations=ToolAnnotations(read_only_hint=False, destructive_hint=False, idempotent_hint=True),
    )

    def __init__(
        self,
        *,
        flora: Flora,
        store: OutputStore,
        uploads: Uploads,
        roots: Roots,
        own: OwnAddresses,
        patience: Patience,
    ) -> None:
        self._flora = flora
        self._store = store
        self._uploads = uploads
        self._roots = roots
        self._own = own
        self._patience = patience

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        wish = read(UploadArguments, arguments, tool="upload")
        forbidden = self._flora.rules.refusal("assets.upload")
        if forbidden is not None:
            raise ToolError(forbidden)
        try:
            content = await self._content(wish.source.strip(), wish.name)
            place = Place(
                workspace_id=wish.workspace_id or await self._workspace(),
                project_id=wish.project_id,
                name=wish.name,
            )
            flight = await self._uploads.start(content, place)
            # It goes on when the budget ends, or when the call is cancelled: the next one follows it.
            ended = await self._patience.wait(
                flight.ended.wait, progress=progress, watched=lambda: (), idle=lambda: "uploading"
            )
            if not ended:
                return answer.words(UNDER_WAY)
            return answer.words(_told(flight.result(), content, place))
        except (RefusedError, OutputError, StateError) as exc:
            raise ToolError(str(exc)) from exc
        except OutcomeUncertainError as exc:
            raise ToolError(
                "No clear answer came: the file perhaps arrived. Call upload again with the same arguments: it goes "
                f"under the same key, and becomes no second asset. ({exc.__cause__ or 'the connection was lost'})"
            ) from exc
        except TimeoutError as exc:
            raise ToolError("The upload did not end within half an hour and was given up. Try a smaller file.") from exc
        except OSError as exc:
            raise ToolError(f"The file cannot be read or kept: {exc.strerror or exc}. Nothing was sent.") from exc

    async def _content(self, source: str, name: str | None) -> Content:
        lower = source.lower()
        if not source:
            raise ToolError("source is empty. Pass a path, a data: or https:// URL, or an output's flora:// address.")
        if lower.startswith("data:"):
            return await self._looked_at(lambda: (io.BytesIO(read_data_url(source)), None), name)
        if lower.startswith("flora:"):
            return await self._output(await self._store.get(*parse_uri(source)), source, name)
        if source.startswith("run_"):
            return await self._only_output(source, name)
        if source.startswith("asset_"):
            raise ToolError(f"{source[:80]!r} is an asset already. Use its id, or its url from client.assets.retrieve.")
        if lower.startswith("file:"):
            raise ToolError(f"{source[:200]!r} was not read. Pass the path itself, without 'file:'.")
        if _URL.match(source):
            output = await self._own.output(source)
            if output is not None:
                return await self._output(output, source, name)
            return Link(url=public_address(source, own=self._flora.origin), name=plain_name(name or "") or None)
        return await self._looked_at(lambda: self._roots.open(source), name)

    async def _only_output(self, run_id: str, name: str | None) -> Content:
        outputs = await self._store.of_run(run_id)
        if len(outputs) > 1:
            named = ", ".join(output.uri for output in outputs)
            raise ToolError(f"{run_id!r} has {len(outputs)} outputs. Pass the address of one: {named}.")
        return await self._output(outputs[0] if outputs else None, run_id, name)

    async def _output(self, output: StoredOutput | None, source: str, name: str | None) -> Content:
        if output is None:
            raise ToolError(
                f"{source[:200]!r} is not here: no such output was stored. Call wait with the run's id to fetch it, "
                "then upload again."
            )
        content = await self._store.read(output)
        return await self._looked_at(lambda: (io.BytesIO(content), output.output_id), name)

    async def _looked_at(self, opened: Opened, name: str | None) -> File:
        def work() -> File:
            file, own_name = opened()
            with file:
                return file_of(file, name=name or own_name)

        return await anyio.to_thread.run_sync(work)

    async def _workspace(self) -> str:
        async for workspace in self._flora.own.workspaces.list():
            return workspace.workspace_id
        raise ToolError("The key has no workspace. Create one in FLORA, or pass workspace_id.")


def _told(done: Done, content: Content, place: Place) -> str:
    asset = done.asset
    lead = "Uploaded; there is nothing to call again."
    if done.age_seconds is not None:
        lead = f"This was uploaded {_ago(done.age_seconds)}: the same asset, and nothing was sent again."
    parts = [f"{asset.asset_id}: {asset.status}"]
    if isinstance(content, File):
        size = f"{content.size_px[0]}x{content.size_px[1]} px" if content.size_px else ""
        parts += [content.mime_type, size, written_size(content.size_bytes), f"name {content.name!r}"]
    elif asset.content_type:
        parts.append(asset.content_type)
    parts.append(f"workspace {place.workspace_id}")
    if place.project_id:
        parts.append(f"on the canvas of {place.project_id}")
    url = [f"url {asset.url}"] if asset.url else []
    return "\n".join([lead, ", ".join(filter(None, parts)), *url, USE])


def _ago(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s ago"
    return f"{seconds / 60:.0f} min ago" if seconds < 5400 else f"{seconds / 3600:.0f} h ago"
