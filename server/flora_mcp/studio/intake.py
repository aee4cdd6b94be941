"""Files that come in, from their arrival to their place among the media."""

import importlib
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from flora_mcp.studio.errors import UnusableFileError, WebRefusedError
from flora_mcp.studio.files import Modality
from flora_mcp.studio.links import Links
from flora_mcp.studio.media import MediaStore
from flora_mcp.studio.store import Database, files
from flora_mcp.studio.store.assets import AssetFile
from flora_mcp.studio.web import Web

if TYPE_CHECKING:
    from flora_mcp.studio.files.inspection import Inspection

MOST_DIRECT_BYTES = 4 * 1024 * 1024
"""The longest file in the body of POST /assets (docs:assets)."""

MOST_FETCHED_BYTES = 50 * 1024 * 1024
"""The longest file that is fetched by its address (docs:assets)."""

MOST_UPLOADED_BYTES = 512 * 1024 * 1024
"""The longest signed upload (choice)."""

UPLOADED = "upload"
"""What the bytes of a signed upload are called until `complete` looks at them."""

DECODERS = 2
"""How many pictures are decoded at once: each takes up to 160 MB."""


class Intake:
    """Brings a file into the store, looked at, and under a name that no other upload will replace."""

    def __init__(self, *, database: Database, media: MediaStore, links: Links, web: Web) -> None:
        self._database = database
        self._media = media
        self._links = links
        self._web = web
        self._decoders = anyio.CapacityLimiter(DECODERS)

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """Lends a path for a file on its way in."""
        with self._media.incoming() as path:
            yield path

    async def fetch(self, url: str, *, into: Path) -> None:
        """Gets a file by its address: from the own media without a request, from elsewhere under `Web`'s guard.

        Raises:
            WebRefusedError: See `Web.fetch`.
            WebFailedError: See `Web.fetch`.
        """
        if not self._links.owns(url):
            await self._web.fetch(url, into=into, most_bytes=MOST_FETCHED_BYTES)
            return
        path = await self.own_file(url)
        if path is None:
            raise WebRefusedError(
                f"{url[:200]!r} is no address of this studio's media, or one that is over; use the whole url of a run "
                "or an asset, with its query."
            )
        await anyio.to_thread.run_sync(shutil.copyfile, path, into)

    async def own_file(self, url: str) -> Path | None:
        """Returns where the file behind an address of this studio's media is; None when there is none."""
        address = self._links.media_of(url)
        if address is None:
            return None
        file = await self._database.read(
            lambda connection: files.find(connection, owner_id=address.owner_id, file_name=address.file_name)
        )
        if file is None:
            return None
        return await anyio.to_thread.run_sync(
            partial(self._media.local, owner_id=address.owner_id, file_name=file.stored_name)
        )

    async def keep(self, incoming: Path, *, asset_id: str, wanted: Modality | None = None) -> AssetFile:
        """Inspects a file and moves it to its asset.

        Raises:
            UnusableFileError: It is nothing that the studio takes, or not what is wanted.
        """
        return await anyio.to_thread.run_sync(self._keep, incoming, asset_id, wanted, limiter=self._decoders)

    @asynccontextmanager
    async def kept_if_recorded(self, asset_id: str) -> AsyncIterator[None]:
        """Removes what `keep` stored for an asset when the block that records it fails."""
        try:
            yield
        except BaseException:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(self._media.remove, asset_id)
            raise

    def put_upload(self, incoming: Path, *, asset_id: str) -> None:
        """Lays the bytes of a signed upload aside until they are looked at; blocks."""
        self._media.adopt(incoming, owner_id=asset_id, file_name=UPLOADED)

    async def keep_upload(self, *, asset_id: str) -> AssetFile | None:
        """Does as `keep` with what was uploaded; None when nothing was.

        The upload is taken away first, so that what is inspected is what is served, whoever uploads meanwhile.
        """
        with self.incoming() as incoming:
            take = partial(self._media.take, owner_id=asset_id, file_name=UPLOADED, into=incoming)
            if not await anyio.to_thread.run_sync(take):
                return None
            return await self.keep(incoming, asset_id=asset_id)

    def _keep(self, incoming: Path, asset_id: str, wanted: Modality | None) -> AssetFile:
        found = _inspected(incoming)
        if wanted is not None and found.kind.modality != wanted:
            raise UnusableFileError(f"The file is {found.kind.mime_type}; a file of type {wanted} is wanted here.")
        file_name = f"{secrets.token_hex(8)}.{found.kind.mime_type.rpartition('/')[2]}"
        self._media.adopt(incoming, owner_id=asset_id, file_name=file_name)
        return AssetFile(
            file_name=file_name,
            content_type=found.kind.mime_type,
            size_bytes=found.size_bytes,
            sha256=found.sha256,
            width_px=found.width_px,
            height_px=found.height_px,
        )


def _inspected(path: Path) -> "Inspection":
    """Loads Pillow with the first file, in its thread: most sessions bring none."""
    found: Inspection = importlib.import_module("flora_mcp.studio.files.inspection").inspect_file(path)
    return found
