"""Queries on members and their keys.

A member is a name with a role in one workspace. Members are never deleted: a key that was revoked must stay known, to
be refused even where no key is asked for.
"""

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.callers import Caller, Role
from flora_mcp.studio.keys import beginning, digest, fresh_key
from flora_mcp.studio.store.tables import keys, members, workspaces


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member to add."""

    member_id: str
    workspace_id: str
    name: str
    role: Role


def add_member(connection: sa.Connection, member: Member, *, now_ms: int) -> None:
    """Adds a member.

    Raises:
        RefusedError: The workspace has one of this name.
    """
    if find_member(connection, member.name, workspace_id=member.workspace_id) is not None:
        raise errors.RefusedError(
            f"Workspace {member.workspace_id!r} has a member {member.name!r}; choose another name, or give that member "
            "another key."
        )
    connection.execute(members.insert().values(**vars(member), created_at_ms=now_ms))


def ensure_member(connection: sa.Connection, member: Member, *, role: Role | None, now_ms: int) -> str:
    """Returns the id of the member of this name, who is added when there is none.

    Args:
        connection: A transaction.
        member: Who is added.
        role: What the member must be when there is one; None: whatever they are.
        now_ms: The time.

    Raises:
        RefusedError: The member has another role.
    """
    found = find_member(connection, member.name, workspace_id=member.workspace_id)
    if found is None:
        add_member(connection, member, now_ms=now_ms)
        return member.member_id
    if role not in (None, found["role"]):
        raise errors.RefusedError(
            f"Member {member.name!r} ({found['member_id']}) is {found['role']!r}, not {role!r}; change that first, or "
            "ask for no role."
        )
    return str(found["member_id"])


def find_member(connection: sa.Connection, name: str, *, workspace_id: str) -> sa.RowMapping | None:
    """Returns the member of this name; None when there is none, or it was removed."""
    query = _members().where(members.c.workspace_id == workspace_id, members.c.name == name)
    return connection.execute(query).mappings().one_or_none()


def get_member(connection: sa.Connection, member_id: str) -> sa.RowMapping:
    """Returns a member.

    Raises:
        RefusedError: There is none of this id, or it was removed.
    """
    row = connection.execute(_members().where(members.c.member_id == member_id)).mappings().one_or_none()
    if row is None:
        raise errors.RefusedError(f"There is no member {member_id!r}; list the members for their ids.")
    return row


def read_members(connection: sa.Connection, *, workspace_id: str | None) -> list[sa.RowMapping]:
    """Returns the members of one workspace or of all, in the order in which they came."""
    query = _members() if workspace_id is None else _members().where(members.c.workspace_id == workspace_id)
    return list(connection.execute(query.order_by(members.c.number)).mappings())


def set_role(connection: sa.Connection, member_id: str, role: Role) -> None:
    """Changes what a member may do, with the keys that the member has."""
    get_member(connection, member_id)
    connection.execute(members.update().where(members.c.member_id == member_id).values(role=role))


def remove_member(connection: sa.Connection, member_id: str, *, now_ms: int) -> None:
    """Removes a member and revokes every key of theirs."""
    get_member(connection, member_id)
    connection.execute(members.update().where(members.c.member_id == member_id).values(removed_at_ms=now_ms))
    live = keys.c.member_id == member_id, keys.c.revoked_at_ms.is_(None)
    connection.execute(keys.update().where(*live).values(revoked_at_ms=now_ms))


def issue_key(connection: sa.Connection, *, key_id: str, member_id: str, now_ms: int) -> str:
    """Returns a new key of a member, which is nowhere but there: its hash is kept."""
    key = fresh_key()
    row = {
        "key_id": key_id,
        "member_id": member_id,
        "sha256": digest(key),
        "beginning": beginning(key),
        "created_at_ms": now_ms,
    }
    connection.execute(keys.insert().values(row))
    return key


def read_keys(connection: sa.Connection, *, workspace_id: str | None) -> list[sa.RowMapping]:
    """Returns the keys of one workspace or of all with their members, revoked ones too, in the order of creation."""
    query = sa.select(keys, members.c.workspace_id, members.c.name, members.c.role)
    query = query.join(members, members.c.member_id == keys.c.member_id)
    if workspace_id is not None:
        query = query.where(members.c.workspace_id == workspace_id)
    return list(connection.execute(query.order_by(keys.c.number)).mappings())


def revoke_key(connection: sa.Connection, key_id: str, *, now_ms: int) -> None:
    """Makes a key worthless.

    Raises:
        RefusedError: There is no such key, or it was revoked before.
    """
    live = keys.c.key_id == key_id, keys.c.revoked_at_ms.is_(None)
    if connection.execute(keys.update().where(*live).values(revoked_at_ms=now_ms)).rowcount == 0:
        raise errors.RefusedError(f"There is no key {key_id!r} that could be revoked; list the keys for their ids.")


def caller_with(connection: sa.Connection, sha256: str) -> tuple[Caller | None, bool]:
    """Returns who holds the key of this hash, and whether the key is known: a revoked one is known and nobody's."""
    query = sa.select(members.c.workspace_id, members.c.role, keys.c.revoked_at_ms)
    query = query.join(members, members.c.member_id == keys.c.member_id).where(keys.c.sha256 == sha256)
    row = connection.execute(query).one_or_none()
    if row is None or row.revoked_at_ms is not None:
        return None, row is not None
    return Caller(workspace_id=row.workspace_id, role=cast("Role", row.role)), True


def _members() -> sa.Select[tuple[object, ...]]:
    query = sa.select(members, workspaces.c.name.label("workspace_name"))
    query = query.join(workspaces, workspaces.c.workspace_id == members.c.workspace_id)
    return query.where(members.c.removed_at_ms.is_(None))
