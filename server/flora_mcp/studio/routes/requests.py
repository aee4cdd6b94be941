"""Reading requests: bodies are checked whole, ids by their prefix."""

import json
import re
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.requests import Request

from flora_mcp.studio import errors
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.renderers.rendering import JSON

MOST_BODY_BYTES = 1024 * 1024
"""The longest request body; media never comes this way."""

MOST_DEPTH = 64
"""How deep a body may be nested (choice)."""

MOST_PROMPT_CHARACTERS = 32_000

MOST_NAME_CHARACTERS = 200

Name = Annotated[str, StringConstraints(min_length=1, max_length=MOST_NAME_CHARACTERS)]

WorkspaceId = Annotated[str, StringConstraints(pattern=r"^ws_\S+$", max_length=100)]
ProjectId = Annotated[str, StringConstraints(pattern=r"^prj_\S+$", max_length=100)]

_NO_TEXT = re.compile(r"[\x00\ud800-\udfff]")


class Body(BaseModel):
    """A request body: unknown keys and converted types are refused (spec: additionalProperties false)."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class NewProject(Body):
    name: Name
    workspace_id: WorkspaceId


class NewWorkspaceProject(Body):
    name: Name


class NewGeneration(Body):
    type: Literal["image", "video", "audio", "text"]
    prompt: str = Field(min_length=1, max_length=MOST_PROMPT_CHARACTERS)
    workspace_id: WorkspaceId
    project_id: ProjectId
    model: str | None = None
    params: dict[str, Any] = {}
    callback_url: str | None = None


BodyType = TypeVar("BodyType", bound=Body)


async def read_body(request: Request, form: type[BodyType]) -> BodyType:
    """Returns the body as `form`.

    Raises:
        ApiError: 400, `invalid_json` or `input_validation_error` with every field at fault.
    """
    return validated(await read_object(request), form)


async def read_object(request: Request) -> dict[str, Any]:
    """Returns the body as the JSON object that it must be.

    Raises:
        ApiError: 400, `invalid_json`.
    """
    content = await _read(request)
    # A web page can send JSON to a loopback address unasked, but only under another media type.
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise _not_json(f"The content type is {kind!r}; send the body as 'application/json'.")
    try:
        found = json.loads(content, parse_constant=_refuse_constant)
        content.decode()
    except (ValueError, RecursionError) as exc:
        raise _not_json(f"The body is not valid JSON: {exc}.") from exc
    if not isinstance(found, dict):
        raise _not_json(f"The body is a JSON {type(found).__name__}; send an object.")
    _check_kept(found)
    return found


def validated(found: dict[str, Any], form: type[BodyType]) -> BodyType:
    """Returns what was received as `form`.

    Raises:
        ApiError: 400, `input_validation_error` with every field at fault.
    """
    try:
        return form.model_validate(found)
    except ValidationError as exc:
        known = ", ".join(form.model_fields)
        fields = [_field(error, known=known) for error in exc.errors(include_url=False, include_context=True)]
        raise errors.invalid_fields(fields) from exc


def path_id(request: Request, name: str, *, prefix: str) -> str:
    """Returns an id from the path.

    Raises:
        ApiError: 400, it has another prefix.
    """
    return checked_id(str(request.path_params[name]), name, prefix=prefix)


def query_id(request: Request, name: str, *, prefix: str) -> str | None:
    """Returns an id from the query, None when it is absent or empty.

    Raises:
        ApiError: 400, it has another prefix.
    """
    value = request.query_params.get(name)
    return checked_id(value, name, prefix=prefix) if value else None


def checked_id(value: str, name: str, *, prefix: str) -> str:
    if not value.startswith(prefix) or len(value) == len(prefix) or any(each.isspace() for each in value):
        raise errors.invalid(name, f"{value[:80]!r} is no such id; it begins with {prefix!r}.")
    return value


async def _read(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MOST_BODY_BYTES:
            raise errors.invalid("body", f"is longer than {MOST_BODY_BYTES} bytes.")
    return bytes(content)


def _check_kept(found: object) -> None:
    """Refuses what could be read and not be kept: no end of nesting, and what is no text to a database."""
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > MOST_DEPTH:
            raise _not_json(f"The body is nested more than {MOST_DEPTH} deep.")
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner += [*each, *each.values()]
            elif isinstance(each, list):
                inner += each
            elif isinstance(each, str) and _NO_TEXT.search(each):
                raise _not_json(f"The text {each[:80]!r} holds a NUL or half of a character pair; leave it out.")
        level = inner


def _not_json(message: str) -> ApiError:
    return ApiError(message, status=400, code="invalid_json")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _field(error: Any, *, known: str) -> errors.Field:
    """Words one of pydantic's findings as FLORA words them."""
    name = ".".join(str(part) for part in error["loc"])[:80]
    if error["type"] == "missing":
        return errors.Field(field=name, message="Required")
    if error["type"] == "extra_forbidden":
        return errors.Field(field=name, message=f"Unknown key; accepted are {known}.")
    return errors.Field(field=name, message=str(error["msg"]))


def parameters_of(body: NewGeneration) -> dict[str, JSON]:
    """Returns the free-form parameters as JSON values, which is what they were parsed from."""
    return body.params
