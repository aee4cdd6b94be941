"""Brings back the bytes of outputs that are in the index and not in this machine's folder."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import anyio

from flora_mcp.outputs._catalogue import Catalogue, Entry
from flora_mcp.outputs._downloads import Downloads
from flora_mcp.outputs._intake import keep_again
from flora_mcp.outputs.errors import FetchError, OutputError, OutputGoneError
from flora_mcp.outputs.output import StoredOutput
from flora_mcp.outputs.shelf import Shelf

logger = logging.getLogger(__name__)

WAIT_SECONDS = 20.0
"""How long an answer about outputs waits for bytes that are not here."""

LOST_SECONDS = 60.0
"""For so long, bytes that could not be brought back are not tried again by every answer."""

LOST_KEPT = 1000


class Restoring:
    """Looks where the bytes still are: in the user's folder, in the index, at the address they came from.

    They were removed for room or by hand, or another machine has stored them.
    """

    def __init__(
        self, *, shelf: Shelf, catalogue: Catalogue, downloads: Downloads, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._shelf = shelf
        self._catalogue = catalogue
        self._downloads = downloads
        self._wait_seconds = wait_seconds
        self._under_way: WeakValueDictionary[tuple[str, str], anyio.Lock] = WeakValueDictionary()
        self._lost: dict[tuple[str, str], datetime] = {}

    async def all_present(self, outputs: Iterable[StoredOutput]) -> list[StoredOutput]:
        """Returns the outputs, with their bytes here as far as they can be had soon; each counts as used."""
        present = dict(enumerate(outputs))
        missing = await self.missing(present.values())
        wanted = {place: output for place, output in present.items() if output in missing and self._hopeful(output)}

        async def bring(place: int, output: StoredOutput) -> None:
            try:
                present[place] = await self.bring(output)
                del wanted[place]
            except OutputError as exc:
                logger.info("The bytes of %s cannot be had: %s", output.uri, exc)

        if wanted:
            with anyio.move_on_after(self._wait_seconds):
                async with anyio.create_task_group() as tasks:
                    for place, output in list(wanted.items()):
                        tasks.start_soon(bring, place, output)
            self._give_up(wanted.values())
        return list(present.values())

    async def missing(self, outputs: Iterable[StoredOutput]) -> set[StoredOutput]:
        """Returns those whose bytes are not here; the others count as used."""
        looked_for = list(outputs)
        touch = self._shelf.blobs.touch
        return await self._catalogue.blocking(lambda: {each for each in looked_for if touch(each.path) is None})

    async def bring(self, output: StoredOutput, *, url: str | None = None) -> StoredOutput:
        """Returns the output with its bytes here; measured anew, if its address has others of the same kind now.

        Args:
            output: As it is in the index.
            url: Where it can be had now, if that is known to have changed.

        Raises:
            OutputError: They cannot be had.
        """
        key = (output.run_id, output.output_id)
        lock = self._under_way.get(key)
        if lock is None:
            lock = self._under_way[key] = anyio.Lock()
        async with lock:
            if not await self.missing([output]):
                return output
            content = await self._at_hand(output)
            if content is None:
                content = await self._download(output, url or output.source_url)
            kept = await self._catalogue.blocking(lambda: keep_again(output, content, blobs=self._shelf.blobs))
            if kept is None:
                raise FetchError(
                    run_id=output.run_id,
                    output_id=output.output_id,
                    reason=f"its address has something else now than {output.mime_type}",
                )
            if kept != output:
                kept = replace(kept, readable_path=None)
                await self._catalogue.add([Entry(output=kept, position=0)])
            await self._shelf.added(kept.size_bytes)
            self._lost.pop(key, None)
            return kept

    async def _at_hand(self, output: StoredOutput) -> bytes | None:
        """Returns the bytes if they need not be fetched: from the user's folder unless changed there, or the index."""

        def copied() -> bytes | None:
            if output.readable_path is None or output.readable_path.stat().st_size != output.size_bytes:
                return None
            content = output.readable_path.read_bytes()
            return content if hashlib.sha256(content).hexdigest() == output.sha256 else None

        try:
            content = await self._catalogue.blocking(copied)
        except OutputError as exc:
            logger.info("The copy %s cannot be read: %s", output.readable_path, exc)
            content = None
        if content is None and output.source_url is None:
            content = await self._catalogue.content(output)
        return content

    async def _download(self, output: StoredOutput, url: str | None) -> bytes:
        if url is None:
            raise OutputGoneError(uri=output.uri)
        return await self._downloads.get(url, run_id=output.run_id, output_id=output.output_id)

    def _give_up(self, outputs: Iterable[StoredOutput]) -> None:
        now = self._shelf.clock()
        if len(self._lost) >= LOST_KEPT:
            self._lost.clear()
        self._lost.update({(output.run_id, output.output_id): now for output in outputs})

    def _hopeful(self, output: StoredOutput) -> bool:
        lost_at = self._lost.get((output.run_id, output.output_id))
        return lost_at is None or lost_at + timedelta(seconds=LOST_SECONDS) < self._shelf.clock()
