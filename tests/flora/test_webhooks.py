"""Webhooks: a delivery that FLORA signed is told from any other."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from flora.network import EPOCH, World, client
from flora.network import Network as Nothing

from flora_mcp.flora.errors import InvalidArgumentError, WebhookVerificationError
from flora_mcp.flora.types import WebhookEvent

SECRET = "whsec_abc"
NOW = int(EPOCH.timestamp())
EVENT = {
    "id": "whd_1",
    "type": "run.failed",
    "api_version": "2026-06-11",
    "created_at": NOW * 1000,
    "data": {
        "run_id": "run_1",
        "run_type": "generation",
        "workspace_id": "ws_1",
        "status": "failed",
        "error_code": "safety_blocked",
        "newer": 1,
    },
}
BODY = json.dumps(EVENT, ensure_ascii=False).encode()


def signature(body: bytes = BODY, *, secret: str = SECRET, at: int = NOW) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def header(body: bytes = BODY, *, at: int = NOW) -> str:
    return f"t={at},v1={signature(body, at=at)}"


@pytest.mark.parametrize("body", [BODY, BODY.decode()])
@pytest.mark.parametrize(
    "headers",
    [
        header(),
        {"Flora-Signature": header()},
        {"content-type": "application/json", "flora-signature": header()},
        {"FLORA-SIGNATURE": [header(), "t=1,v1=00"]},
        f" t={NOW} , v1={signature(secret='whsec_old')}, v1={signature()}, v2=x, junk",
    ],
)
async def test_a_signed_delivery_gives_its_event(body: Any, headers: Any) -> None:
    async with client(Nothing()) as flora:
        flora.webhooks.verify(body, headers, SECRET)
        event = flora.webhooks.unwrap(body, headers, SECRET)
    assert event == WebhookEvent.model_validate(EVENT)
    assert event.plain() == EVENT


@pytest.mark.parametrize(
    ("body", "headers", "secret"),
    [
        (BODY + b" ", header(), SECRET),
        (BODY, header(), "whsec_other"),
        (BODY, header(), "abc"),
        (BODY, header(), ""),
        (BODY, {}, SECRET),
        (BODY, {"flora-signature": ""}, SECRET),
        (BODY, {"flora-signature": []}, SECRET),
        (BODY, "", SECRET),
        (BODY, f"v1={signature()}", SECRET),
        (BODY, f"t=soon,v1={signature()}", SECRET),
        (BODY, f"t={NOW}", SECRET),
        (BODY, f"t={NOW},v1=", SECRET),
        (BODY, f"t={NOW},v0={signature()}", SECRET),
        (BODY, f"t={NOW},v1={signature().upper()}", SECRET),
        (BODY, f"t={NOW},v1=ü\ud800", SECRET),
        (BODY, f"t={NOW + 1},v1={signature()}", SECRET),
    ],
)
async def test_any_other_delivery_is_refused(body: bytes, headers: Any, secret: str) -> None:
    async with client(Nothing()) as flora:
        with pytest.raises(WebhookVerificationError):
            flora.webhooks.verify(body, headers, secret)


@pytest.mark.parametrize(("age_seconds", "fresh"), [(300, True), (301, False), (-300, True), (-301, False)])
async def test_a_delivery_is_fresh_for_five_minutes_either_way(age_seconds: int, fresh: bool) -> None:
    headers = header(at=NOW - age_seconds)
    async with client(Nothing(), World()) as flora:
        if fresh:
            flora.webhooks.verify(BODY, headers, SECRET)
        else:
            with pytest.raises(WebhookVerificationError) as caught:
                flora.webhooks.verify(BODY, headers, SECRET)
            assert str(abs(age_seconds)) in str(caught.value)
        flora.webhooks.verify(BODY, headers, SECRET, tolerance_seconds=0)


async def test_the_clock_can_be_the_callers() -> None:
    async with client(Nothing()) as flora:
        with pytest.raises(WebhookVerificationError):
            flora.webhooks.verify(BODY, header(), SECRET, now=lambda: EPOCH + timedelta(seconds=301))
        with pytest.raises(InvalidArgumentError):
            flora.webhooks.verify(BODY, header(), SECRET, tolerance_seconds=-1)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"id": "whd_1"}', b"\xff"])
async def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    async with client(Nothing()) as flora:
        with pytest.raises(WebhookVerificationError):
            flora.webhooks.unwrap(body, header(body), SECRET)
