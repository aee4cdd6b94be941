"""The book of one tenant's paid calls in the shared database: the cap holds over all processes of a deployment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flora_mcp.flora.spending import BookError, Charge, Learned, PaidCall, Price, Sums, Till
from flora_mcp.flora.spending.book import Result
from flora_mcp.flora.spending.charges import Status
from flora_mcp.settings import SpendPeriod
from flora_mcp.state import State, StateError
from flora_mcp.state.call_row import CallRow

if TYPE_CHECKING:
    from flora_mcp.state.tables.calls import Page

SPANS: Mapping[SpendPeriod, str] = {"day": "today (UTC)", "month": "this month (UTC)", "ever": "this server"}
"""What a session is, in words."""

SESSIONS: Mapping[SpendPeriod, str] = {"day": "%Y-%m-%d", "month": "%Y-%m", "ever": "ever"}
"""Names of sessions: another name is another session, with a cap of its own."""


class SharedBook:
    """Keeps the charges of one tenant where all processes see them.

    A process that dies after it has set money aside leaves it set aside for the rest of the session: nobody knows
    whether its call got through.

    Args:
        state: The shared database.
        tenant_id: Whose charges these are.
        money: What the amounts are.
        period: How long a session lasts.
        now: The time of day.
    """

    def __init__(
        self,
        *,
        state: State,
        tenant_id: str,
        money: str,
        period: SpendPeriod,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._state = state
        self._tenant_id = tenant_id
        self._money = money
        self._period = period
        self._now = now

    async def change(self, work: Callable[[Till], Result]) -> Result:
        """Runs `work` in one transaction that is the only one of its kind in the deployment.

        Raises:
            BookError: The database fails.
        """
        session = self._now().strftime(SESSIONS[self._period])
        try:
            tables = await self._state.tables()
            return await tables.calls.change(self._tenant_id, session, lambda page: work(_PageTill(page, self._money)))
        except StateError as exc:
            raise BookError(str(exc)) from exc


class _PageTill:
    """Speaks of charges where the database speaks of lines."""

    def __init__(self, page: Page, money: str) -> None:
        self._page = page
        self._money = money
        # A charge that began in an earlier session goes on counting there.
        self._sessions: dict[str, str] = {}

    @property
    def sums(self) -> Sums:
        found = self._page.sums()
        return Sums(spent_micros=found.spent_micros, reserved_micros=found.reserved_micros, uncertain=found.uncertain)

    def charge(self, charge_id: str) -> Charge | None:
        return self._charge(self._page.line(charge_id))

    def of_run(self, run_id: str) -> Charge | None:
        return self._charge(self._page.of_run(run_id))

    def doubtful(self, call: PaidCall, *, since: datetime) -> Charge | None:
        return self._charge(
            self._page.doubtful(
                method=call.method, idempotency_key=call.idempotency_key, content=call.content, since=_text(since)
            )
        )

    def unpriced(self, *, since: datetime) -> bool:
        return self._page.unpriced(since=_text(since))

    def learned(self, subject: str) -> Learned:
        quoted_usd, factor = self._page.learned(subject)
        return Learned(quoted_usd=quoted_usd, factor=factor)

    def learn(self, subject: str, learned: Learned) -> None:
        self._page.learn(subject, quoted_usd=learned.quoted_usd, factor=learned.factor)

    def keep(self, charge: Charge) -> None:
        self._page.keep(
            CallRow(
                id=charge.id,
                session=self._sessions.get(charge.id, self._page.session),
                began_at=_text(charge.began_at),
                money=self._money,
                method=charge.call.method,
                status=charge.status,
                subject=charge.call.price.subject,
                workspace_id=charge.call.workspace_id,
                run_id=charge.run_id,
                idempotency_key=charge.call.idempotency_key,
                content=charge.call.content,
                quote_usd=charge.quote_usd,
                reserved_micros=charge.reserved_micros,
                cost_micros=charge.cost_micros,
                doubted=charge.doubted,
                note=charge.call.note,
            )
        )

    def settle_stranger(self, run_id: str, *, status: str, cost_usd: float | None) -> None:
        """Notes nothing: the book knows the runs of all sessions."""

    def _charge(self, row: CallRow | None) -> Charge | None:
        if row is None:
            return None
        self._sessions[row.id] = row.session
        call = PaidCall(
            method=row.method,
            price=Price(usd=row.quote_usd, subject=row.subject),
            workspace_id=row.workspace_id,
            idempotency_key=row.idempotency_key,
            content=row.content,
            note=row.note,
        )
        return Charge(
            id=row.id,
            call=call,
            began_at=datetime.fromisoformat(row.began_at),
            status=cast(Status, row.status),  # we have written it
            run_id=row.run_id,
            reserved_micros=row.reserved_micros,
            doubted=row.doubted,
            quote_usd=row.quote_usd,
            cost_micros=row.cost_micros,
        )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
