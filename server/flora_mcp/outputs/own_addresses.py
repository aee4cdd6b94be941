"""Recognises the addresses that this server has told: whoever is given one may name the output by it."""

import re

from flora_mcp.outputs.output import StoredOutput
from flora_mcp.outputs.shelf import Shelf
from flora_mcp.outputs.store import OutputStore

_PATH = re.compile(r"/outputs/([\w-]{43})/[^/?#]+")


class OwnAddresses:
    """One tenant's outputs by their addresses over HTTP.

    Args:
        shelf: Knows what an address leads to, and whose it is.
        store: Has the tenant's outputs.
        tenant: Whose they are; the address of another's output is no address of ours.
    """

    def __init__(self, *, shelf: Shelf, store: OutputStore, tenant: str) -> None:
        self._shelf = shelf
        self._store = store
        self._tenant = tenant

    async def output(self, url: str) -> StoredOutput | None:
        """Returns the output that the address was told for; None for any other address.

        Raises:
            OutputError: The index or the folder cannot be used.
        """
        base_url = self._shelf.addresses.base_url
        if base_url is None or not url.startswith(base_url):
            return None
        match = _PATH.fullmatch(url.removeprefix(base_url))
        found = await self._shelf.find(match[1]) if match is not None else None
        if found is None or found[0] != self._tenant:
            return None
        return await self._store.get(found[1].run_id, found[1].output_id)
