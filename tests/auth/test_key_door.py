"""A key opens a tenant of its own; nothing else does, and no key stays behind."""

from collections.abc import Callable

import anyio
import pytest

from flora_mcp.auth import KeyDoor, RefusedError, TenantIds, UnansweredError, Vetting
from flora_mcp.tenant import LOCAL_ID, Tenant

ADA = "sk_live_" + "a" * 43
BOB = "sk_live_" + "b" * 43


class Bank:
    """Knows keys, as FLORA does."""

    def __init__(self, *known: str) -> None:
        self.known = set(known)
        self.asked: list[str] = []
        self.away = False
        self.seconds = 0.0

    async def ask(self, key: str) -> bool:
        self.asked.append(key)
        await anyio.lowlevel.checkpoint()
        if self.away:
            raise UnansweredError("no answer")
        return key in self.known


def door(bank: Bank, *, local: Tenant | None = None, secret: bytes = b"s") -> KeyDoor:
    return KeyDoor(ids=ids(secret), vetting=Vetting(bank.ask, clock=lambda: bank.seconds), local=local)


def ids(secret: bytes) -> TenantIds:
    async def secret_of() -> bytes:
        return secret

    return TenantIds(secret_of)


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


async def refused(door: KeyDoor, headers: dict[str, str]) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        await door.admit(headers)
    return caught.value


@pytest.mark.parametrize(
    "headers",
    [
        bearer(ADA),
        {"authorization": f"bearer   {ADA} "},
        {"x-flora-api-key": ADA},
        {**bearer(ADA), "x-flora-api-key": ADA},
    ],
)
async def test_a_key_makes_the_same_tenant_however_it_is_sent(headers: dict[str, str]) -> None:
    tenant = await door(Bank(ADA)).admit(headers)
    assert (tenant.id, tenant.api_key) == (await ids(b"s").of_key(ADA), ADA)
    assert ADA not in repr(tenant)
    assert not tenant.in_studio


async def test_ids_differ_by_key_by_deployment_and_from_every_principals() -> None:
    found = {
        (await door(Bank(ADA, BOB)).admit(bearer(ADA))).id,
        (await door(Bank(ADA, BOB)).admit(bearer(BOB))).id,
        (await door(Bank(ADA), secret=b"t").admit(bearer(ADA))).id,
        await ids(b"s").of_principal("key", ADA),
        await ids(b"s").of_principal("", ADA),
        await ids(b"s").of_principal("1:a", "b"),
        await ids(b"s").of_principal("1", "a1:b"),
    }
    assert len(found) == 7


async def test_two_different_keys_are_none() -> None:
    error = await refused(door(Bank(ADA, BOB)), {**bearer(ADA), "x-flora-api-key": BOB})
    assert error.status == 400
    assert ADA not in str(error)
    assert BOB not in str(error)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": "Bearer "}, 401),
        ({"authorization": ""}, 401),
        ({"authorization": "Basic YTpi"}, 401),
        ({"authorization": ADA}, 401),
        ({"authorization": f"Bearer {ADA}, Bearer {BOB}"}, 400),
        ({"authorization": f"Bearer {ADA} {BOB}"}, 400),
        ({"x-flora-api-key": ""}, 401),
        ({"x-flora-api-key": f"{ADA}, {BOB}"}, 400),
        ({"x-flora-api-key": f"{ADA}\r\nx-evil: 1"}, 400),
        ({"x-flora-api-key": "sk_live_ключ"}, 400),
        ({"x-flora-api-key": "k" * 513}, 400),
        ({"authorization": "Bearer " + "k" * 513}, 400),
    ],
)
async def test_what_cannot_be_a_key_is_refused_and_falls_back_to_nobody(headers: dict[str, str], status: int) -> None:
    bank = Bank()
    local = Tenant(id=LOCAL_ID)
    assert (await refused(door(bank, local=local), headers)).status == status
    assert bank.asked == []


async def test_no_key_is_refused_with_how_to_send_one_or_is_the_local_tenants() -> None:
    error = await refused(door(Bank()), {})
    assert (error.status, error.headers["www-authenticate"]) == (401, 'Bearer realm="flora-mcp"')
    assert "x-flora-api-key" in str(error)
    local = Tenant(id=LOCAL_ID)
    assert await door(Bank(), local=local).admit({"accept": "*/*"}) is local


async def test_a_made_up_key_opens_nothing_even_where_no_key_would_do() -> None:
    bank = Bank(ADA)
    error = await refused(door(bank, local=Tenant(id=LOCAL_ID)), bearer(BOB))
    assert error.status == 401
    assert 'error="invalid_token"' in error.headers["www-authenticate"]
    assert BOB not in f"{error} {error.headers}"


async def test_flora_is_asked_once_for_many_requests_and_again_after_a_while() -> None:
    bank = Bank(ADA)
    guarded = door(bank)
    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(guarded.admit, bearer(ADA))
    assert bank.asked == [ADA]
    bank.seconds, bank.known = 601, set()
    assert (await refused(guarded, bearer(ADA))).status == 401
    await refused(guarded, bearer(ADA))
    assert bank.asked == [ADA, ADA]
    bank.seconds, bank.known = 640, {ADA}
    assert (await guarded.admit(bearer(ADA))).api_key == ADA


@pytest.mark.parametrize(("seconds", "status"), [(601.0, 200), (90_000.0, 503)])
async def test_a_key_that_was_good_is_let_in_for_a_day_while_flora_is_away(seconds: float, status: int) -> None:
    bank = Bank(ADA)
    guarded = door(bank)
    await guarded.admit(bearer(ADA))
    bank.seconds, bank.away = seconds, True
    if status == 200:
        assert (await guarded.admit(bearer(ADA))).api_key == ADA
    else:
        assert (await refused(guarded, bearer(ADA))).status == status
    stranger = await refused(guarded, bearer(BOB))
    assert (stranger.status, stranger.headers) == (503, {"retry-after": "10"})


async def test_trying_many_keys_asks_flora_for_few_at_a_time() -> None:
    at_once: list[int] = []
    running = 0

    async def ask(_: str) -> bool:
        nonlocal running
        running += 1
        at_once.append(running)
        await anyio.wait_all_tasks_blocked()
        running -= 1
        return False

    guarded = KeyDoor(ids=ids(b"s"), vetting=Vetting(ask))
    statuses: list[int] = []

    def attempt(key: str) -> Callable[[], object]:
        async def run() -> None:
            statuses.append((await refused(guarded, bearer(key))).status)

        return run

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for number in range(50):
                tasks.start_soon(attempt(f"sk_live_{number}"))
    assert statuses == [401] * 50
    assert max(at_once) <= 8
