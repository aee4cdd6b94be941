"""What the shapes of answers are made of."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


def _tidy(schema: dict[str, Any]) -> None:
    """Takes out what says nothing: titles that repeat names, and the defaults of what may be absent."""
    schema.pop("title", None)
    for each in schema.get("properties", {}).values():
        each.pop("title", None)
        if each.get("default", ...) is None:
            each.pop("default")


class Answer(BaseModel):
    """A part of an answer; it has no other keys than these."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=(), json_schema_extra=_tidy)


def absent() -> Any:
    """Returns the mark of a key that an answer may lack; where it is there, it has its type."""
    return Field(default=None)


def id_of(prefix: str) -> Any:
    return StringConstraints(pattern=rf"^{prefix}\S+$")


WorkspaceId = Annotated[str, id_of("ws_")]
ProjectId = Annotated[str, id_of("prj_")]
RunId = Annotated[str, id_of("run_")]
AssetId = Annotated[str, id_of("asset_")]
TechniqueId = Annotated[str, id_of("tech_")]
LibraryFolderId = Annotated[str, id_of("libfolder_")]

Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]

Time = Annotated[int, Field(ge=0, description="Unix milliseconds.")]

IsoTime = Annotated[str, Field(json_schema_extra={"format": "date-time"})]

Usd = Annotated[float, Field(ge=0, description="US dollars; 1 000 credits are one.")]

MediaType = Literal["image", "video", "audio", "text"]


class Meta(Answer):
    """Where a list goes on."""

    next_cursor: str | None


class Fault(Answer):
    """A field of the request, and what is wrong with it."""

    field: str
    message: str
    code: str = absent()


class Error(Answer):
    """What went wrong, for programs and for people."""

    code: str
    message: str
    fields: list[Fault] = absent()


class Refusal(Answer):
    """Every answer that is no success (docs:platform/errors)."""

    error: Error
