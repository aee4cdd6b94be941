"""What a studio tidies up while it runs."""

import logging
from collections.abc import Callable
from functools import partial

import anyio
from sqlalchemy.exc import SQLAlchemyError

from flora_mcp.studio.store import Database, idempotency

EVERY_SECONDS = 30 * 60

logger = logging.getLogger(__name__)


async def keep_up(database: Database, *, clock_ms: Callable[[], int]) -> None:
    """Forgets idempotency keys whose time is over, twice an hour, until cancelled.

    Several processes may do so at once. A key counts no longer when its time is over, swept or not.
    """
    while True:
        await anyio.sleep(EVERY_SECONDS)
        try:
            await database.write(partial(idempotency.sweep, now_ms=clock_ms()))
        except SQLAlchemyError as exc:
            # As with a full disk; requests say so themselves.
            logger.warning("old idempotency keys could not be forgotten: %s", exc)
