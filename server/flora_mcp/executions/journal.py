"""Writes executions down where all processes of a deployment see them."""

import json
import logging
import secrets
from collections.abc import Collection

import anyio

from flora_mcp.executions import record
from flora_mcp.executions.errors import JournalError
from flora_mcp.executions.execution import Execution
from flora_mcp.state import State
from flora_mcp.state.errors import StateError
from flora_mcp.state.execution_row import Claim, ExecutionRow, Saving, Standing
from flora_mcp.tenant import Tenant

logger = logging.getLogger(__name__)

FREE = Standing(owned=True, held=False)


class Journal:
    """The rows of one tenant, written by one process.

    Writes take turns in the order in which they are asked for, and each writes what is true when its turn comes.
    A program that runs is not ended by a database that fails: what cannot be written is logged, and written later.
    """

    def __init__(self, *, state: State, tenant: Tenant) -> None:
        self._state = state
        self._tenant = tenant.id
        self._owner = secrets.token_hex(8)
        self._turn = anyio.Lock()

    async def open(self) -> None:
        """Opens the database, so that nobody waits for that later."""
        try:
            await self._state.tables()
        except StateError as exc:
            logger.warning("%s", exc)

    async def claim(self, execution: Execution) -> ExecutionRow | None:
        """Enters an execution; or returns the one of the same content that is not to be started again.

        Raises:
            JournalError: The database does not answer.
        """
        async with self._turn:
            text = record.write(execution)
            claim = Claim(
                id=execution.id,
                tenant=self._tenant,
                kind=execution.kind,
                content=execution.content,
                owner=self._owner,
                spent=execution.paid,
                record=text,
            )
            try:
                there = await (await self._state.tables()).executions.claim(claim)
            except StateError as exc:
                raise JournalError(str(exc)) from exc
            if there is None:
                execution.written = _mark(execution, text)
            return there

    async def save(self, execution: Execution) -> Standing:
        """Writes down what the execution has done, unless nothing is new."""
        async with self._turn:
            text = record.write(execution)
            written = _mark(execution, text)
            if written == execution.written:
                return FREE
            saving = Saving(
                id=execution.id,
                tenant=self._tenant,
                owner=self._owner,
                status=execution.status,
                spent=execution.paid,
                told=execution.told,
                record=text,
            )
            try:
                standing = await (await self._state.tables()).executions.save(saving)
            except StateError as exc:
                logger.warning("%s cannot be written down: %s", execution.id, exc)
                return FREE
            execution.written = written
            return standing

    async def beat(self) -> dict[str, bool] | None:
        """Says that this process is alive; returns which executions it owns and whether each is held."""
        try:
            return await (await self._state.tables()).executions.beat(tenant=self._tenant, owner=self._owner)
        except StateError as exc:
            logger.warning("The running programs cannot be kept alive: %s", exc)
            return None

    async def get(self, execution_id: str) -> ExecutionRow | None:
        """Returns what is known of an execution of any process.

        Raises:
            JournalError: The database does not answer.
        """
        try:
            return await (await self._state.tables()).executions.get(execution_id, tenant=self._tenant)
        except StateError as exc:
            raise JournalError(str(exc)) from exc

    async def look(self, execution_id: str) -> ExecutionRow | None:
        """Returns what is known of an execution; None while the database does not answer."""
        try:
            return await self.get(execution_id)
        except JournalError as exc:
            logger.warning("%s cannot be followed: %s", execution_id, exc)
            return None

    async def is_held(self, execution_id: str) -> bool:
        """Whether nobody wants the execution; while the database does not answer, nobody does."""
        try:
            return await (await self._state.tables()).executions.is_held(execution_id, tenant=self._tenant)
        except StateError as exc:
            logger.warning("Nobody can tell whether %s is wanted: %s", execution_id, exc)
            return True

    async def hold(self, execution_id: str, *, held: bool) -> None:
        """Says whether a call wants the execution."""
        try:
            await (await self._state.tables()).executions.hold(execution_id, tenant=self._tenant, held=held)
        except StateError as exc:
            logger.warning("That %s is %s cannot be written down: %s", execution_id, "held" if held else "wanted", exc)

    async def tell(self, execution_ids: Collection[str]) -> None:
        """Notes that the end of these executions was told."""
        try:
            await (await self._state.tables()).executions.tell(list(execution_ids), tenant=self._tenant)
        except StateError as exc:
            logger.warning("That %s was told cannot be written down: %s", ", ".join(execution_ids), exc)

    async def take_back(self, execution_ids: Collection[str], known: Collection[Execution]) -> None:
        """Notes that the end of these executions was not told after all; `known` are those of this process."""
        async with self._turn:
            try:
                await (await self._state.tables()).executions.take_back(list(execution_ids), tenant=self._tenant)
            except StateError as exc:
                logger.warning("That nobody heard of %s cannot be written down: %s", ", ".join(execution_ids), exc)
            for execution in known:
                execution.written = 0

    async def untold(self) -> dict[str, list[str]]:
        """Returns of each execution that has ended and was not told the ids of its runs."""
        try:
            rows = await (await self._state.tables()).executions.untold(tenant=self._tenant)
        except StateError as exc:
            logger.warning("Nobody can tell which programs were told of: %s", exc)
            return {}
        return {row.id: [run["run_id"] for run in json.loads(row.record)["runs"]] for row in rows}


def _mark(execution: Execution, text: str) -> int:
    return hash((text, execution.status, execution.told))
