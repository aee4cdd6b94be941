"""What can go wrong between a caller and FLORA.

```text
FloraError
├── ArgumentError                    nothing was sent
│   ├── UnknownMethodError
│   ├── UnknownArgumentError
│   ├── MissingArgumentError
│   └── InvalidArgumentError
├── MethodForbiddenError             the settings forbid the method; nothing was sent
├── SpendCapError                    the call could pass the cap on spending; nothing was sent
├── APIError                         FLORA said no, or said nothing
│   ├── BadRequestError              400
│   │   └── InvalidParamsError       what FLORA would not even refuse; nothing was sent
│   ├── AuthenticationError          401
│   ├── InsufficientCreditsError     402
│   ├── PermissionDeniedError        403
│   ├── NotFoundError                404
│   ├── ConflictError                409
│   │   └── DuplicateKeyError        409 idempotency_duplicate
│   ├── UnprocessableEntityError     422
│   ├── RateLimitError               429
│   ├── InternalServerError          500 and above
│   └── APIConnectionError           no answer
│       └── APIConnectionTimeoutError
├── UnreadableAnswerError            success, but not in a shape we know
├── OutcomeUncertainError            something was perhaps made; do not send again
│   └── RunUncertainError            a generation was perhaps started and billed
├── WaitTimeoutError                 the run goes on
├── UploadError                      a file did not become an asset
├── WebhookVerificationError         a delivery is not FLORA's, or not fresh
└── MediaError                       a media URL gave no usable bytes
    └── MediaTooLargeError
```

The names below `APIError` are those of FLORA's TypeScript SDK where it has one (`sdk:core/error.ts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from pydantic import JsonValue


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One field that FLORA did not accept, and why (`docs:platform/errors`)."""

    field: str
    message: str
    code: str | None = None
    """What is wrong, for programs; changesets tell it (`sdk:resources/workspaces/projects/canvas.ts`)."""


class FloraError(Exception):
    """Everything this client raises on purpose."""

    told: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes that are worth telling beside the message."""

    def attributes(self) -> dict[str, JsonValue]:
        """Returns the error's data as plain JSON, for a caller in another process."""
        told = {name: getattr(self, name) for name in self.told}
        return {name: _plain(value) for name, value in told.items() if value is not None}


class ArgumentError(FloraError):
    """The call could not be meant as it was written; nothing was sent."""

    told = ("argument", "suggestions")

    def __init__(self, message: str, *, argument: str | None = None, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.argument = argument
        self.suggestions = tuple(suggestions)


class UnknownMethodError(ArgumentError):
    """No method has this name."""


class UnknownArgumentError(ArgumentError):
    """The method has no argument of this name."""


class MissingArgumentError(ArgumentError):
    """A required argument was left out."""


class InvalidArgumentError(ArgumentError):
    """An argument's value can be seen to be wrong without asking FLORA."""


class MethodForbiddenError(FloraError):
    """The settings forbid the method; nothing was sent."""

    told = ("method", "setting")

    def __init__(self, message: str, *, method: str, setting: str) -> None:
        super().__init__(message)
        self.method = method
        self.setting = setting
        """The variable that forbids it."""


class SpendCapError(FloraError):
    """The call could take the session's spending over its cap; nothing was sent, nothing was spent on it."""

    told = ("spent_usd", "reserved_usd", "cap_usd", "quote_usd")

    def __init__(
        self, message: str, *, spent_usd: float, reserved_usd: float, cap_usd: float, quote_usd: float | None
    ) -> None:
        super().__init__(message)
        self.spent_usd = spent_usd
        self.reserved_usd = reserved_usd
        """For calls whose final cost is not known yet."""
        self.cap_usd = cap_usd
        self.quote_usd = quote_usd
        """What this call would have reserved; None when nobody can tell its price."""


class APIError(FloraError):
    """FLORA answered with an error; `str(error)` is a sentence for people."""

    told = ("status", "code", "fields", "request_id", "retry_after_seconds")

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str | None = None,
        fields: Sequence[FieldError] = (),
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.fields = tuple(fields)
        self.request_id = request_id
        self.retry_after_seconds: float | None = None

    def __str__(self) -> str:
        head = " ".join(str(part) for part in (self.status, self.code) if part is not None)
        said = [self.message]
        said += [f"{f.field}: {f.message}" for f in self.fields if not self._says(f)]
        tail = f" (request {self.request_id})" if self.request_id else ""
        step = NEXT_STEPS.get(self.code or "") or NEXT_STEPS.get(str(self.status)) or ""
        if self.retry_after_seconds:
            step = f"FLORA asks to wait {self.retry_after_seconds:g} seconds. {step}".strip()
        return ": ".join(part for part in (head, "; ".join(said)) if part) + tail + (f" {step}" if step else "")

    def _says(self, field: FieldError) -> bool:
        return field.field in self.message and field.message in self.message


class BadRequestError(APIError):
    """400: a field is missing, wrong or not known."""


class InvalidParamsError(BadRequestError):
    """The call does not fit the schema that its own model or action publishes; nothing was sent, nothing was spent.

    FLORA makes a run with a wrong value all the same, ignores the value, and bills it (`skill`).
    """

    def __init__(self, *, fields: Sequence[FieldError]) -> None:
        count = f"{len(fields)} problems" if len(fields) > 1 else "1 problem"
        super().__init__(f"Nothing was sent, nothing was spent: {count}.", code="invalid_params", fields=fields)

    def __str__(self) -> str:
        advice = "To send the call as it is all the same, add strict=False (strict: false in JavaScript)."
        return f"{self.problems}\n{advice}"

    @property
    def problems(self) -> str:
        """The message without the advice, which is for who can call the method itself."""
        return "\n".join([self.message, *(f"  {each.field}: {each.message}" for each in self.fields)])


class AuthenticationError(APIError):
    """401: no key, or one that FLORA does not know."""


class InsufficientCreditsError(APIError):
    """402: the workspace has no credits left; the SDK has no class of its own for it (`choice`)."""


class PermissionDeniedError(APIError):
    """403: the role or the plan does not allow it."""


class NotFoundError(APIError):
    """404: it does not exist, or it is not yours; FLORA does not tell which."""


class ConflictError(APIError):
    """409: the thing is not in a state that allows the call."""


class DuplicateKeyError(ConflictError):
    """409 `idempotency_duplicate` on a first attempt: an earlier call used this key."""


class UnprocessableEntityError(APIError):
    """422: understood and refused."""


class RateLimitError(APIError):
    """429: too many calls of this workspace."""


class InternalServerError(APIError):
    """500 and above: FLORA failed, after all retries."""


class APIConnectionError(APIError):
    """No answer came, after all retries."""

    def __init__(self, message: str, *, sent: bool = True) -> None:
        super().__init__(message)
        self.sent = sent
        """False when no connection was made, so FLORA cannot have seen the request."""


class APIConnectionTimeoutError(APIConnectionError):
    """No answer came in time, after all retries."""


class UnreadableAnswerError(FloraError):
    """FLORA reported success in a form that this client cannot read."""

    told = ("status", "request_id")

    def __init__(self, message: str, *, status: int, request_id: str | None) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id


class OutcomeUncertainError(FloraError):
    """Something was perhaps made, but the answer that would say so was lost."""

    told = ("idempotency_key", "find")

    def __init__(self, message: str, *, idempotency_key: str, find: str) -> None:
        super().__init__(message)
        self.idempotency_key = idempotency_key
        self.find = find
        """The call that shows whether it was made."""


class RunUncertainError(OutcomeUncertainError):
    """A generation was perhaps started, and is then billed; sending it again may bill twice."""


class WaitTimeoutError(FloraError):
    """The run was not finished in time; it goes on at FLORA."""

    told = ("run_id", "status", "progress")

    def __init__(self, message: str, *, run_id: str, status: str, progress: float) -> None:
        super().__init__(message)
        self.run_id = run_id
        self.status = status
        self.progress = progress


class UploadError(FloraError):
    """A file was not taken, could not be processed, or was not ready in time."""

    told = ("asset_id", "status")

    def __init__(self, message: str, *, asset_id: str, status: str | None = None) -> None:
        super().__init__(message)
        self.asset_id = asset_id
        self.status = status
        """Of the asset when it was last read."""


class WebhookVerificationError(FloraError):
    """A delivery cannot be trusted: its signature or its time does not fit (`sdk:lib/webhooks.ts`)."""


class MediaError(FloraError):
    """The bytes of a media URL could not be had."""

    told: ClassVar[tuple[str, ...]] = ("url",)

    def __init__(self, message: str, *, url: str) -> None:
        super().__init__(message)
        self.url = url


class MediaTooLargeError(MediaError):
    """The media is larger than the caller allows; nothing of it is kept."""

    told = ("url", "max_bytes")

    def __init__(self, message: str, *, url: str, max_bytes: int) -> None:
        super().__init__(message, url=url)
        self.max_bytes = max_bytes


NEXT_STEPS = {
    "401": "Check FLORA_API_KEY: FLORA's keys start with 'sk_live_' and are shown once, when they are made.",
    "402": "Add credits to the workspace; until then every paid call fails the same way, so stop a batch here.",
    "idempotency_conflict": "The same key came with other arguments: use another key for another call.",
    "paid_plan_required": "The workspace's plan does not include the API; Starter and above do.",
    "429": "Send fewer calls at once (two is safe), then try again.",
}
"""What to do about an error, by code or else by status (`docs:platform/errors`)."""

BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    402: InsufficientCreditsError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def class_of(status: int) -> type[APIError]:
    """Returns the class for an HTTP status (`sdk:core/error.ts`)."""
    return BY_STATUS.get(status, InternalServerError if status >= 500 else APIError)


def family() -> dict[str, str | None]:
    """Returns every class name of the tree with its base's name, parents first; `None` for the root."""
    names: dict[str, str | None] = {FloraError.__name__: None}
    waiting: list[type[FloraError]] = [FloraError]
    while waiting:
        parent = waiting.pop(0)
        for child in parent.__subclasses__():
            if child.__module__ == __name__:
                names[child.__name__] = parent.__name__
                waiting.append(child)
    return names


def _plain(value: object) -> JsonValue:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, FieldError):
        told: dict[str, JsonValue] = {"field": value.field, "message": value.message}
        return told if value.code is None else {**told, "code": value.code}
    assert value is None or isinstance(value, str | int | float | bool)
    return value
