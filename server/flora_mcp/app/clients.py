"""Each tenant's client of FLORA, with the rules, the cap and the book that hold for it."""

from flora_mcp.app.shared import Shared
from flora_mcp.app.shared_book import SPANS, SharedBook
from flora_mcp.flora import Flora, Ledger, Spending
from flora_mcp.mounted import STUDIO_URL
from flora_mcp.tenant import Tenant

STUDIO_POLL_SECONDS = 0.25
"""The studio is in this process: asking it often costs nobody anything."""


def flora_of(tenant: Tenant, shared: Shared) -> Flora:
    """Returns the client, which its user closes."""
    settings = shared.settings
    if tenant.in_studio:
        return Flora(
            api_key=None,
            base_url=f"{STUDIO_URL}/api/v1",
            app=shared.studio,
            timeout_seconds=settings.timeout_seconds,
            poll_seconds=STUDIO_POLL_SECONDS,
            rules=shared.rules,
            spending=_spending(tenant, shared, cap_usd=None, money="studio"),
        )
    return Flora(
        api_key=tenant.api_key,
        base_url=settings.base_url,
        app=shared.backend,
        timeout_seconds=settings.timeout_seconds,
        max_retries=settings.max_retries,
        rules=shared.rules,
        spending=_spending(tenant, shared, cap_usd=settings.max_spend_usd, money="USD"),
    )


def _spending(tenant: Tenant, shared: Shared, *, cap_usd: float | None, money: str) -> Spending:
    settings = shared.settings
    if shared.alone:
        ledger = Ledger(settings.data_directory / "ledger.sqlite3")
        return Spending(cap_usd=cap_usd, allow_unknown_prices=settings.allow_unknown_prices, ledger=ledger, money=money)
    period = settings.spend_period
    return Spending(
        cap_usd=cap_usd,
        allow_unknown_prices=settings.allow_unknown_prices,
        book=SharedBook(state=shared.state, tenant_id=tenant.id, money=money, period=period),
        span=SPANS[period],
    )
