"""The inputs of a technique's run: from what was sent to values that steps can use."""

from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.errors import Field, UnusableFileError, WebFailedError, WebRefusedError
from flora_mcp.studio.routes.context import Context
from flora_mcp.studio.store import assets, files
from flora_mcp.studio.store.assets import AssetFile, NewAsset
from flora_mcp.studio.techniques import Definition, FileValue, Input, Value, fault_of
from flora_mcp.studio.techniques.problems import shown, suggestion
from flora_mcp.studio.techniques.ratios import ratio

MOST_RUNS = 20
"""How many values of one input one request may have, each a run (choice)."""

RATIO_TOLERANCE = Fraction(2, 100)
"""How far a picture may be from the ratio that it must have, as sides are whole pixels (choice)."""

WIRE_TYPES = {"image_url": "imageUrl", "video_url": "videoUrl"}
"""Other spellings of types (docs)."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """One value as it was sent.

    Attributes:
        field: Where it stands in the request.
        name: The input that it is for.
        type: What the request calls it; None when the request names no types.
        value: A text, or the address of a picture.
    """

    field: str
    name: str
    type: str | None
    value: object


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A picture from elsewhere, stored as an asset that is still to be recorded."""

    asset: NewAsset
    file: AssetFile

    def record(self, connection: sa.Connection, *, node_id: str, now_ms: int) -> None:
        assets.create(connection, self.asset, expires_at_ms=None, now_ms=now_ms)
        assets.make_ready(connection, self.asset.asset_id, file=self.file, node_id=node_id, now_ms=now_ms)


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """The values of each run that a request starts, and the assets that they need."""

    runs: tuple[dict[str, Value], ...]
    fetched: tuple[Fetched, ...]


def problems_of(definition: Definition, given: Sequence[Given]) -> list[Field]:
    """Returns all that is wrong with values, without looking at the pictures."""
    known = {each.id: each for each in definition.open_inputs}
    found: list[Field] = []
    for each in given:
        if each.name in known:
            found.extend(_problems_of_one(known[each.name], each))
            continue
        locked = next((one for one in definition.inputs if one.id == each.name), None)
        if locked is not None:
            message = f"{each.name!r} is locked to {locked.default!r} by this technique; leave it out."
        else:
            message = f"{shown(each.name)} is no input of this technique; {suggestion(each.name, known)}"
        found.append(Field(field=f"{each.field}.id", message=message))
    several = []
    for one in known.values():
        count = sum(each.name == one.id for each in given)
        if count == 0 and not one.omissible:
            what = "an address of a picture" if one.type == "imageUrl" else "a text"
            found.append(Field(field=f"inputs.{one.id}", message=f"Required: {what}. {one.description}".strip()))
        elif count > 1:
            several.append(one.id)
            if not one.allow_multiple:
                message = f"is given {count} times; this input takes one value. Start a run for each."
                found.append(Field(field=f"inputs.{one.id}", message=message))
            elif count > MOST_RUNS:
                message = f"has {count} values, each of which is a run; at most {MOST_RUNS} can be."
                found.append(Field(field=f"inputs.{one.id}", message=message))
    if len(several) > 1:
        message = f"{' and '.join(several)} have several values each; only one input of a request may."
        found.append(Field(field="inputs", message=message))
    return found


async def resolved(
    context: Context,
    definition: Definition,
    given: Sequence[Given],
    *,
    workspace_id: str,
    stack: AsyncExitStack,
) -> Inputs:
    """Returns the values of values without problems: pictures of this studio where they are, others fetched.

    Args:
        context: The studio.
        definition: The technique.
        given: What was sent.
        workspace_id: Whose assets the fetched pictures become.
        stack: Removes what was fetched when the block that records it fails.

    Raises:
        ApiError: 400, with every picture that cannot be used.
    """
    known = {each.id: each for each in definition.inputs}
    pictures = [each for each in given if known[each.name].type == "imageUrl"]
    found: dict[int, FileValue] = {}
    fields: list[Field] = []
    for each in pictures:
        if context.links.owns(str(each.value)):
            value = await _own(context, known[each.name], each)
            if isinstance(value, Field):
                fields.append(value)
            else:
                found[id(each)] = value
    fetched: list[Fetched] = []
    # What must be fetched comes last: nothing is, for a request that is refused anyway.
    for each in () if fields else [each for each in pictures if id(each) not in found]:
        outcome = await _fetched(context, known[each.name], each, workspace_id=workspace_id, stack=stack)
        if isinstance(outcome, Field):
            fields.append(outcome)
        else:
            fetched.append(outcome)
            found[id(each)] = FileValue(owner_id=outcome.asset.asset_id, file_name=outcome.file.file_name)
    if fields:
        raise errors.invalid_fields(fields)
    values = [(each.name, found.get(id(each), str(each.value))) for each in given]
    return Inputs(runs=tuple(_spread(values)), fetched=tuple(fetched))


def _problems_of_one(wanted: Input, given: Given) -> Iterable[Field]:
    kind = None if given.type is None else WIRE_TYPES.get(given.type, given.type)
    if kind is not None and kind != wanted.type:
        yield Field(field=f"{given.field}.type", message=f"{given.type!r} is not accepted; use {wanted.type!r}.")
        return
    place = given.field if given.type is None else f"{given.field}.value"
    if not isinstance(given.value, str):
        what = "a text" if wanted.type == "text" else "the address of a picture"
        yield Field(field=place, message=f"{shown(given.value)} is not accepted; use {what}.")
    elif not given.value.strip():
        hint = "leave an optional input out" if wanted.omissible else "it is required"
        yield Field(field=place, message=f"An empty text is not accepted; {hint}.")
    elif wanted.type == "text" and (fault := fault_of(wanted, given.value)) is not None:
        yield Field(field=place, message=fault)


async def _own(context: Context, wanted: Input, given: Given) -> FileValue | Field:
    url = str(given.value)
    address = context.links.media_of(url)
    file = None
    if address is not None:
        owner_id, file_name = address.owner_id, address.file_name
        file = await context.database.read(
            lambda connection: files.find(connection, owner_id=owner_id, file_name=file_name)
        )
    if address is None or file is None or not file.mime_type.startswith("image/"):
        message = (
            f"{url[:200]!r} is no picture of this studio; use the whole url of a run's output or of an asset, with its "
            "query."
        )
        return _fault(given, message)
    fault = _wrong_ratio(wanted, file.width_px, file.height_px)
    if fault is not None:
        return _fault(given, fault)
    return FileValue(owner_id=address.owner_id, file_name=file.stored_name)


async def _fetched(
    context: Context, wanted: Input, given: Given, *, workspace_id: str, stack: AsyncExitStack
) -> Fetched | Field:
    url = str(given.value)
    asset_id = context.ids.new("asset_")
    await stack.enter_async_context(context.intake.kept_if_recorded(asset_id))
    with context.intake.incoming() as incoming:
        try:
            await context.intake.fetch(url, into=incoming)
            file = await context.intake.keep(incoming, asset_id=asset_id, wanted="image")
        except (WebRefusedError, WebFailedError, UnusableFileError) as exc:
            return _fault(given, f"{exc} Or create an asset with POST /assets and use its url.")
    fault = _wrong_ratio(wanted, file.width_px, file.height_px)
    if fault is not None:
        return _fault(given, fault)
    asset = NewAsset(
        asset_id=asset_id,
        workspace_id=workspace_id,
        project_id=None,
        name=unquote(PurePosixPath(urlsplit(url).path).name)[:200] or None,
        folder=None,
        uploaded_via="url",
        source=url,
        upload_content_type=None,
    )
    return Fetched(asset=asset, file=file)


def _wrong_ratio(wanted: Input, width_px: int | None, height_px: int | None) -> str | None:
    if wanted.specified_aspect_ratio is None:
        return None
    if width_px is not None and height_px is not None:
        asked = ratio(wanted.specified_aspect_ratio)
        if abs(Fraction(width_px, height_px) / asked - 1) <= RATIO_TOLERANCE:
            return None
    return (
        f"The picture has {width_px} x {height_px} pixels; {wanted.specified_aspect_ratio} is required. Cut it first, "
        "with the action 'change-image-ar-browser'."
    )


def _fault(given: Given, message: str) -> Field:
    return Field(field=given.field if given.type is None else f"{given.field}.value", message=message)


def _spread(values: Sequence[tuple[str, Value]]) -> Iterable[dict[str, Value]]:
    """Returns the values of each run: one for each value of the input that has several."""
    names = [name for name, _ in values]
    many = next((name for name in names if names.count(name) > 1), None)
    shared = {name: value for name, value in values if name != many}
    if many is None:
        yield shared
    for name, value in values:
        if name == many:
            yield {**shared, name: value}
