"""What can go wrong in the studio.

StudioError
├── ApiError                  answered to the client as FLORA's error envelope
├── StudioUnavailableError    the studio cannot start or is closed
├── RefusedError              a command asks for what the data does not allow
├── UnusableFileError         a file that was handed in is not what it must be
├── UnusableTechniqueError    a technique that cannot be run here
├── WebRefusedError           an address that the studio does not fetch from
├── WebFailedError            an address that could be fetched from, and did not give a file
├── StepFailedError           one step of a technique failed, and its run with it
└── RenderError               one run failed; `code` is its `error_code`
    ├── RenderFailedError     the renderer raised
    ├── RenderRefusedError    what an action was given cannot be worked on
    ├── RenderTimeoutError    the renderer passed its deadline and was killed
    ├── RenderCrashError      the render process ended without an answer
    └── MediaWriteError       the finished file could not be written
RendersClosed                 the studio closes; the run stays unfinished until the next start
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


class StudioError(Exception):
    """The root of everything the studio raises."""


class StudioUnavailableError(StudioError):
    """The studio cannot start, or was used while closed."""


class RefusedError(StudioError):
    """Whoever runs the studio asks for what its data does not allow; the message says what they can do."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a request and what is wrong with it."""

    field: str
    message: str


class ApiError(StudioError):
    """A request that is answered with an error status.

    Attributes:
        status: The HTTP status.
        code: FLORA's error code (docs:errors).
        fields: The fields at fault, when the request was understood but not valid.
        headers: What the answer says beside its body.
        public: The message tells nothing that not everybody may know.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        code: str,
        fields: Sequence[Field] = (),
        headers: Mapping[str, str] | None = None,
        public: bool = True,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.fields = tuple(fields)
        self.headers = dict(headers or {})
        self.public = public


def invalid(field: str, message: str) -> ApiError:
    """Returns the 400 that names one field."""
    return invalid_fields([Field(field=field, message=message)])


def invalid_fields(fields: Sequence[Field]) -> ApiError:
    """Returns the 400 that names several fields; its message is `<field>: <text>` of each."""
    text = "; ".join(f"{each.field}: {each.message}" for each in fields)
    return ApiError(text, status=400, code="input_validation_error", fields=fields)


def not_found(message: str, *, public: bool = False) -> ApiError:
    """Returns the 404, which FLORA gives for what is missing and for what is another's.

    Args:
        message: What was looked for, and where what there is is listed.
        public: It was looked for among what everybody may see. Any other 404 is worded in one way for who is in one
            workspace only: no message tells what the others have.
    """
    return ApiError(message, status=404, code="not_found", public=public)


def conflict(message: str) -> ApiError:
    """Returns the 409 for what the state of things does not allow (docs:errors)."""
    return ApiError(message, status=409, code="conflict")


class UnusableFileError(StudioError):
    """A file of a type, size or content that the studio does not take; the message is meant for who sent it."""


class UnusableTechniqueError(StudioError):
    """A technique that this studio cannot run.

    Attributes:
        problems: Each place in it that is wrong, and what is accepted there.
    """

    def __init__(self, message: str, *, problems: Sequence[str]) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class WebRefusedError(StudioError):
    """The studio fetches nothing from this address, now or later."""


class WebFailedError(StudioError):
    """The fetch failed; it may succeed later."""


class StepFailedError(StudioError):
    """A step of a technique did not get made what it is for; the message names it.

    Attributes:
        code: The run's `error_code`.
    """

    def __init__(self, message: str, *, code: str) -> None:
        super().__init__(message)
        self.code = code


class RenderError(StudioError):
    """A run that ends as failed."""

    code: ClassVar[str] = "GENERATION_GENERIC_ERROR"
    """The run's `error_code`, from the codes that FLORA's production uses."""


class RenderFailedError(RenderError):
    """The renderer raised; the message says what."""


class RenderRefusedError(RenderError):
    """The inputs of an action cannot be worked on; the message says which and why."""

    code = "GENERATION_INPUT_VALIDATION"


class RenderTimeoutError(RenderError):
    """The renderer passed its deadline."""

    code = "GENERATION_PROVIDER_TIMEOUT"


class RenderCrashError(RenderError):
    """The render process ended without an answer, twice in a row."""

    code = "GPU_PROVIDER_ERROR"


class MediaWriteError(RenderError):
    """The finished file could not be written."""

    code = "GENERATION_FAILED_TO_UPLOAD"


class RendersClosed(BaseException):
    """The studio closes while a render is under way.

    Not an `Exception`: the durable workflow must neither handle nor record it, so that the next start
    takes the run up again.
    """
