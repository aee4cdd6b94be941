"""Webhooks: told by the studio, and unwrapped by the clients."""

import json

import pytest
from contract.promises import promises
from contract.shapes import TIME_MS, Like
from contract.sides import Refused, Side, faults
from contract.world import HOOK, Delivery


async def told(side: Side, prompt: str = "a red cup") -> tuple[str, str, Delivery]:
    """Has a run end and returns the workspace's secret, the run's id and what the callback was told."""
    secret = await side.world.studio.create_webhook_secret(workspace_id=side.workspace_id)
    started = await side.call("generations.create", **side.asked(prompt=prompt, callback_url=HOOK))
    return secret, started["run_id"], await side.world.hooks.delivery(started["run_id"])


@promises("webhooks/completed")
async def test_the_end_of_a_run_is_told_to_its_callback(side: Side) -> None:
    secret, run_id, delivery = await told(side)
    event = await side.unwrap(delivery.body, delivery.headers, secret, now_seconds=delivery.sent_seconds)
    assert event == {
        "id": Like(r"whd_\S+"),
        "type": "run.completed",
        "api_version": "2026-06-11",
        "created_at": TIME_MS,
        "data": {
            "run_id": run_id,
            "run_type": "generation",
            "workspace_id": side.workspace_id,
            "status": "completed",
        },
    }
    assert delivery.headers["flora-webhook-id"] == event["id"]
    assert delivery.headers["flora-event"] == "run.completed"
    assert delivery.headers["content-type"] == "application/json"


@promises("webhooks/failed")
async def test_the_failure_of_a_run_is_told_with_its_reason(side: Side) -> None:
    secret, run_id, delivery = await told(side, prompt="fail")
    event = await side.unwrap(delivery.body, delivery.headers, secret, now_seconds=delivery.sent_seconds)
    failed = await side.finished(run_id)
    assert event["type"] == "run.failed"
    assert event["data"] == {
        "run_id": run_id,
        "run_type": "generation",
        "workspace_id": side.workspace_id,
        "status": "failed",
        "error_code": failed["error_code"],
        "error_message": failed["error_message"],
    }


@promises("webhooks/technique")
async def test_the_end_of_a_techniques_run_is_told(side: Side) -> None:
    side.key = await side.world.key_of(side.workspace_id)
    secret = await side.world.studio.create_webhook_secret(workspace_id=side.workspace_id)
    inputs = [{"id": "product", "type": "text", "value": "a red cup"}]
    asked = {"technique_id": "product-shot-set", "inputs": inputs, "mode": "async", "callback_url": HOOK}
    started = await side.call("techniques.runs.create", **asked)
    delivery = await side.world.hooks.delivery(started["run_id"])
    event = await side.unwrap(delivery.body, delivery.headers, secret, now_seconds=delivery.sent_seconds)
    assert event["data"] == {
        "run_id": started["run_id"],
        "run_type": "technique",
        "workspace_id": side.workspace_id,
        "status": "completed",
    }


@promises("webhooks/rotation")
async def test_two_secrets_sign_while_one_takes_over(side: Side) -> None:
    before = await side.world.studio.create_webhook_secret(workspace_id=side.workspace_id)
    secret, run_id, delivery = await told(side)
    for each in (before, secret):
        event = await side.unwrap(delivery.body, delivery.headers, each, now_seconds=delivery.sent_seconds)
        assert event["data"]["run_id"] == run_id


@promises("webhooks/wrong-secret", "webhooks/too-old", "webhooks/unsigned")
async def test_a_delivery_that_is_not_trusted_is_refused(side: Side) -> None:
    secret, _, delivery = await told(side)
    now, changed = delivery.sent_seconds, delivery.body.replace(b"completed", b"failed")
    unsigned = {name: value for name, value in delivery.headers.items() if name != "flora-signature"}
    for body, headers, key, moment in (
        (delivery.body, delivery.headers, "whsec_other", now),
        (changed, delivery.headers, secret, now),
        (delivery.body, delivery.headers, secret, now + 301),
        (delivery.body, delivery.headers, secret, now - 301),
        (delivery.body, unsigned, secret, now),
    ):
        with pytest.raises(Refused) as caught:
            await side.unwrap(body, headers, key, now_seconds=moment)
        assert caught.value.kind == "WebhookVerificationError"
    late = await side.unwrap(delivery.body, delivery.headers, secret, now_seconds=now + 301, tolerance_seconds=0)
    assert late == json.loads(delivery.body)


@pytest.mark.parametrize(
    "callback_url",
    ["http://hooks.example/flora", "https://localhost/flora", "https://10.0.0.1/flora", "https://studio.internal/"],
)
@promises("webhooks/public-https-only")
async def test_a_callback_is_a_public_https_address(side: Side, callback_url: str) -> None:
    await side.world.studio.create_webhook_secret(workspace_id=side.workspace_id)
    refused = await side.refused("generations.create", **side.asked(callback_url=callback_url))
    assert faults(refused) == {"callback_url"}
