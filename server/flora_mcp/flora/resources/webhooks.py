"""Webhooks: deliveries that FLORA signed are told from others. Nothing is sent."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from pydantic import ValidationError

from flora_mcp.flora.arguments import Between, check
from flora_mcp.flora.errors import WebhookVerificationError
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import WebhookEvent

HEADER = "Flora-Signature"
"""`t=<Unix seconds>,v1=<hex>`; several `v1` while a secret is being changed (`sdk:lib/webhooks.ts`)."""

TOLERANCE_SECONDS = 300.0
"""How old or how far ahead a delivery may be (`sdk:lib/webhooks.ts`)."""

Headers = Mapping[str, str | list[str]] | str


class Webhooks(Resource):
    """What a callback address receives."""

    @Operation(host_only=True)
    def unwrap(
        self,
        body: bytes | str,
        headers: Headers,
        secret: str,
        *,
        tolerance_seconds: float = TOLERANCE_SECONDS,
        now: Callable[[], datetime] | None = None,
    ) -> WebhookEvent:
        """Checks a delivery's signature and time, and returns the event in it.

        Args:
            body: The request's body exactly as it came; parsed and written again, its signature does not fit.
            headers: The request's headers, in any case, or the value of `Flora-Signature`.
            secret: The workspace's `whsec_…`, prefix and all.
            tolerance_seconds: How old or far ahead the delivery may be; 0 checks no time.
            now: The clock; the client's when left out.

        Returns:
            The event; deliveries repeat, so remember its `id`.

        Raises:
            WebhookVerificationError: it is not signed with this secret, not fresh, or no event.

        Source: sdk:lib/webhooks.ts
        """
        self.verify(body, headers, secret, tolerance_seconds=tolerance_seconds, now=now)
        try:
            return WebhookEvent.model_validate_json(body)
        except ValidationError as exc:
            first = exc.errors()[0]
            place = ".".join(str(step) for step in first["loc"]) or "the whole"
            raise WebhookVerificationError(f"The body is signed, but no event: {place}: {first['msg']}.") from exc

    @Operation(host_only=True)
    def verify(
        self,
        body: bytes | str,
        headers: Headers,
        secret: str,
        *,
        tolerance_seconds: float = TOLERANCE_SECONDS,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """Checks a delivery's signature and time, and returns nothing when both fit.

        Args:
            body: The request's body exactly as it came.
            headers: The request's headers, in any case, or the value of `Flora-Signature`.
            secret: The workspace's `whsec_…`, prefix and all.
            tolerance_seconds: How old or far ahead the delivery may be; 0 checks no time.
            now: The clock; the client's when left out.

        Returns:
            Nothing.

        Raises:
            WebhookVerificationError: it is not signed with this secret, or not fresh.

        Source: sdk:lib/webhooks.ts
        """
        check("tolerance_seconds", tolerance_seconds, Annotated[float, Between(0, 86_400)])
        if not secret:
            raise WebhookVerificationError("The secret is empty. Pass the workspace's 'whsec_…'.")
        signed, signatures = _parts(_signature(headers))
        content = body.encode() if isinstance(body, str) else bytes(body)
        expected = hmac.new(secret.encode(), signed.encode() + b"." + content, hashlib.sha256).hexdigest().encode()
        if not any(hmac.compare_digest(each.encode(errors="replace"), expected) for each in signatures):
            raise WebhookVerificationError(
                "The signature does not fit: the body was changed on its way, or the secret is another workspace's."
            )
        moment = now() if now is not None else self._wire.attempts.surroundings.now()
        age_seconds = int(moment.timestamp()) - int(signed)
        if tolerance_seconds and abs(age_seconds) > tolerance_seconds:
            found = f"{age_seconds} s old" if age_seconds > 0 else f"{-age_seconds} s in the future"
            raise WebhookVerificationError(
                f"The delivery is {found}; accepted are {tolerance_seconds:g} s. It was recorded and sent again, or "
                f"a clock is wrong."
            )


def _signature(headers: Headers) -> str:
    if isinstance(headers, str):
        return headers
    for name, value in headers.items():
        if name.lower() == HEADER.lower():
            found = value if isinstance(value, str) else next(iter(value), "")
            if found:
                return found
    raise WebhookVerificationError(f"There is no header {HEADER}. Pass all headers of the request.")


def _parts(header: str) -> tuple[str, list[str]]:
    """Returns the signed time, as it was written, and every signature of a kind that is known."""
    pairs = [(name.strip(), value.strip()) for name, _, value in (part.partition("=") for part in header.split(","))]
    times = [value for name, value in pairs if name == "t" and re.fullmatch(r"[0-9]{1,12}", value)]
    signatures = [value for name, value in pairs if name == "v1" and value]
    if not times:
        raise WebhookVerificationError(f"{HEADER} names no time: expected 't=<Unix seconds>,v1=<hex>'.")
    if not signatures:
        raise WebhookVerificationError(f"{HEADER} holds no v1 signature: expected 't=<Unix seconds>,v1=<hex>'.")
    return times[-1], signatures
