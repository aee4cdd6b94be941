"""Tells of each picture as the server announces it."""

from collections.abc import Callable

from mcp import Client
from mcp.client.subscriptions import Subscription
from mcp_types import Resource


class Announcements:
    """The resources that have come since `begin`, told of one by one."""

    def __init__(self, client: Client, say: Callable[[str], None]) -> None:
        self._client = client
        self._say = say
        self._before: set[str] = set()
        self.new: dict[str, Resource] = {}
        """By address."""

    async def begin(self) -> None:
        """Takes note of what is there already; the newest page of it is enough to know where the new ones end."""
        page = await self._client.list_resources(cache_mode="bypass")
        self._before = {resource.uri for resource in page.resources}

    async def follow(self, subscription: Subscription) -> None:
        """Looks each time the server says that its list has changed, until cancelled or the stream ends."""
        async for _ in subscription:
            await self.look()

    async def look(self) -> None:
        """Lists the resources, newest first, and tells of those that are new."""
        cursor: str | None = None
        while True:
            page = await self._client.list_resources(cursor=cursor, cache_mode="bypass")
            for resource in page.resources:
                if resource.uri in self._before:
                    return
                if resource.uri not in self.new:
                    self.new[resource.uri] = resource
                    self._say(f"announced {resource.uri} ({resource.title or resource.name}, {resource.size} bytes)")
            cursor = page.next_cursor
            if cursor is None:
                return
