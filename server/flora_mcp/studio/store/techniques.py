"""Queries on techniques, on what their runs have done so far, and on the keys of those runs."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from flora_mcp.studio import errors
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.pages import Page, Slice, read_page
from flora_mcp.studio.store import projects
from flora_mcp.studio.store.tables import technique_keys, technique_projects, technique_steps, techniques
from flora_mcp.studio.techniques import Definition

PROJECT_NAME = "Technique runs"
"""A run of a technique names no project, and has one (sdk:resources/techniques/runs.ts); this is a workspace's."""

KEPT_MS = 24 * 60 * 60 * 1000
"""How long a run is found again by its key (docs: 24 hours)."""

LONGEST_KEY = 255


class KeyTakenError(Exception):
    """Another request has the key, perhaps one that was recorded at the same time; look it up in a new transaction."""


@dataclass(frozen=True, kw_only=True)
class KeyedRequest:
    """A request that may be repeated: whose it is, its key, and what it asked for."""

    workspace_id: str
    key: str
    digest: str


def put(
    connection: sa.Connection, definition: Definition, *, technique_id: str, workspace_id: str | None, now_ms: int
) -> str:
    """Adds a technique, or puts it in the place of the one with its slug; returns its id, which then stays.

    Raises:
        ApiError: 409, the slug is that of a technique elsewhere.
    """
    row = connection.execute(sa.select(techniques).where(techniques.c.slug == definition.slug)).mappings().one_or_none()
    values = {
        "name": definition.name,
        "description": definition.description,
        "definition": definition.written(),
        "archived_at_ms": None,
    }
    if row is None:
        fresh = {"technique_id": technique_id, "workspace_id": workspace_id, "slug": definition.slug}
        connection.execute(techniques.insert().values(**fresh, **values, created_at_ms=now_ms))
        return technique_id
    if row["workspace_id"] != workspace_id:
        owner = "this studio's own" if row["workspace_id"] is None else "another workspace's"
        raise errors.conflict(f"The slug {definition.slug!r} is {owner} technique's; choose another one.")
    if any(row[key] != value for key, value in values.items()):
        connection.execute(techniques.update().where(techniques.c.number == row["number"]).values(**values))
    return str(row["technique_id"])


def archive(connection: sa.Connection, technique_id: str, *, now_ms: int) -> None:
    """Takes a technique away, by its id or slug; its runs stay."""
    row = get(connection, technique_id)
    if row["workspace_id"] is None:
        raise errors.conflict(
            f"Technique {technique_id!r} is this studio's own and stays; only added ones are removed."
        )
    change = techniques.update().where(techniques.c.number == row["number"], techniques.c.archived_at_ms.is_(None))
    connection.execute(change.values(archived_at_ms=now_ms))


def keep_shipped(connection: sa.Connection, shipped: Iterable[Definition], *, now_ms: int) -> None:
    """Makes the studio's own techniques those of this program."""
    own = techniques.c.workspace_id.is_(None)
    # A slug that somebody took before the studio had a technique of that name stays theirs.
    taken = set(connection.scalars(sa.select(techniques.c.slug).where(techniques.c.workspace_id.is_not(None))))
    slugs = []
    for definition in shipped:
        if definition.slug not in taken:
            slugs.append(definition.slug)
            put(connection, definition, technique_id=f"tech_{definition.slug}", workspace_id=None, now_ms=now_ms)
    gone = techniques.update().where(own, techniques.c.slug.not_in(slugs), techniques.c.archived_at_ms.is_(None))
    connection.execute(gone.values(archived_at_ms=now_ms))


def get(connection: sa.Connection, technique_id: str) -> sa.RowMapping:
    """Returns a technique by its id or slug, archived or not."""
    query = sa.select(techniques).where(
        sa.or_(techniques.c.technique_id == technique_id, techniques.c.slug == technique_id)
    )
    # An id wins over a slug that looks like it.
    query = query.order_by(sa.case((techniques.c.technique_id == technique_id, 0), else_=1)).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise errors.not_found(f"Technique {technique_id[:80]!r} was not found; GET /techniques lists what there is.")
    return row


def read_some(
    connection: sa.Connection, page: Slice, *, workspace_id: str | None, text: str | None
) -> Page[sa.RowMapping]:
    """Returns a page of techniques, newest first: everybody's, and of one workspace or of all."""
    query = _there(workspace_id)
    if text:
        columns = (techniques.c.name, techniques.c.slug, techniques.c.description)
        query = query.where(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return read_page(connection, query, (techniques.c.number,), page)


def read_all(connection: sa.Connection, *, workspace_id: str | None) -> list[sa.RowMapping]:
    """Returns every technique that can be run, by slug: everybody's, and of one workspace or of all."""
    return list(connection.execute(_there(workspace_id).order_by(techniques.c.slug)).mappings())


def text_of(technique: sa.RowMapping) -> str:
    """Returns a technique as a file from which it can be added."""
    return json.dumps(technique["definition"], indent=2, ensure_ascii=False) + "\n"


def project_of(connection: sa.Connection, workspace_id: str, *, fresh_id: str, now_ms: int) -> str:
    """Returns the project of a workspace that runs of techniques belong to, created when first needed."""
    query = sa.select(technique_projects.c.project_id).where(technique_projects.c.workspace_id == workspace_id)
    found = connection.scalar(query)
    if found is not None:
        return str(found)
    try:
        with connection.begin_nested():
            projects.create(
                connection, project_id=fresh_id, workspace_id=workspace_id, name=PROJECT_NAME, now_ms=now_ms
            )
            row = {"workspace_id": workspace_id, "project_id": fresh_id}
            connection.execute(technique_projects.insert().values(row))
    except IntegrityError:
        # Another process was first; the project that was made here is undone.
        return str(connection.execute(query).scalar_one())
    return fresh_id


def steps_done(connection: sa.Connection, run_id: str) -> dict[str, Any]:
    """Returns what each finished step of a run has made."""
    query = sa.select(technique_steps).where(technique_steps.c.run_id == run_id)
    return {row.step_id: row.made for row in connection.execute(query)}


def record_step(connection: sa.Connection, run_id: str, step_id: str, *, made: object) -> None:
    """Records what a step has made, once: the record of a repetition would say the same."""
    present = sa.select(technique_steps.c.step_id).where(
        technique_steps.c.run_id == run_id, technique_steps.c.step_id == step_id
    )
    if connection.scalar(present) is None:
        connection.execute(technique_steps.insert().values(run_id=run_id, step_id=step_id, made=made))


def forget_steps(connection: sa.Connection, run_id: str) -> None:
    """Removes the records of a run that has ended."""
    connection.execute(technique_steps.delete().where(technique_steps.c.run_id == run_id))


def runs_of_key(connection: sa.Connection, request: KeyedRequest, *, now_ms: int) -> list[str] | None:
    """Returns the runs that the first request with this key started; None when there was none.

    Raises:
        ApiError: 422, that request asked for something else (docs).
    """
    query = sa.select(technique_keys).where(
        technique_keys.c.workspace_id == request.workspace_id,
        technique_keys.c.key == request.key,
        technique_keys.c.created_at_ms > now_ms - KEPT_MS,
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    if row["digest"] != request.digest:
        message = (
            f"The idempotency key {request.key!r} came with another request before, less than 24 hours ago; "
            "repeat that one unchanged, or use another key."
        )
        raise ApiError(message, status=422, code="idempotency_conflict")
    return list(row["run_ids"])


def keep_key(connection: sa.Connection, request: KeyedRequest, run_ids: Sequence[str], *, now_ms: int) -> None:
    """Takes a key for the runs of this transaction: when that fails, the key is free again.

    Raises:
        KeyTakenError: It is taken; this transaction is to be given up.
    """
    connection.execute(technique_keys.delete().where(technique_keys.c.created_at_ms <= now_ms - KEPT_MS))
    row = {**vars(request), "run_ids": list(run_ids), "created_at_ms": now_ms}
    try:
        connection.execute(technique_keys.insert().values(row))
    except IntegrityError as exc:
        raise KeyTakenError(request.key) from exc


def _there(workspace_id: str | None) -> sa.Select[tuple[object, ...]]:
    query = sa.select(techniques).where(techniques.c.archived_at_ms.is_(None))
    if workspace_id is None:
        return query
    return query.where(sa.or_(techniques.c.workspace_id.is_(None), techniques.c.workspace_id == workspace_id))
