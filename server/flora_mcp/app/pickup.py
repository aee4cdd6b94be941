"""Finds the output of an address that somebody was told, without knowing who asks."""

import anyio.to_thread

from flora_mcp.app.shared import Shared
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import FloraError
from flora_mcp.mounted import STUDIO_URL
from flora_mcp.outputs import Fetched, OutputGoneError, OutputStore, StoredOutput
from flora_mcp.tenant import LOCAL_ID


class Pickup:
    """What an HTTP server hands out below `flora_mcp.outputs.addresses.PATH`, with the `HEADERS` of that module."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    async def find(self, token: str) -> StoredOutput | None:
        """Returns the output of a token, its file here; None if no output has that token.

        The tenant need not be at work: nobody's key is needed to fetch media.

        Raises:
            OutputGoneError: Its file was removed, and its address does not give it any more.
            OutputError: The index or the folder cannot be used.
        """
        found = await self._shared.shelf.find(token)
        if found is None:
            return None
        tenant, row = found

        async def fetch(url: str, max_bytes: int) -> Fetched:
            async with self._flora(tenant) as flora:
                return await flora.fetch(url, max_bytes=max_bytes)

        store = OutputStore(shelf=self._shared.shelf, tenant=tenant, fetch=fetch, fetch_errors=(FloraError,))
        output = await store.get(row.run_id, row.output_id)
        if output is not None and not await anyio.to_thread.run_sync(output.path.is_file):
            raise OutputGoneError(uri=output.uri)
        return output

    def _flora(self, tenant: str) -> Flora:
        settings = self._shared.settings
        in_studio = tenant == LOCAL_ID and settings.api_key is None
        return Flora(
            api_key=None,
            base_url=f"{STUDIO_URL}/api/v1" if in_studio else settings.base_url,
            app=self._shared.studio if in_studio else self._shared.backend,
            timeout_seconds=settings.timeout_seconds,
        )
