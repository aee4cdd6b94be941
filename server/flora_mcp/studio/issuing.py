"""Handing out a key, with what FLORA shows beside one."""

from dataclasses import dataclass

import sqlalchemy as sa

from flora_mcp.studio.ids import IdSource
from flora_mcp.studio.store import access, webhooks


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A new key and whose it is. It is kept nowhere else, so that who loses it needs another."""

    key: str
    webhook_secret: str | None
    """What signs the workspace's webhooks, when this is its first key: FLORA shows both in one dialog."""
    member_name: str
    role: str
    workspace_id: str
    workspace_name: str


def issue(connection: sa.Connection, member_id: str, *, ids: IdSource, now_ms: int) -> Issued:
    """Makes a key for a member.

    Raises:
        RefusedError: There is no such member.
    """
    member = access.get_member(connection, member_id)
    workspace_id = member["workspace_id"]
    key = access.issue_key(connection, key_id=ids.new("key_"), member_id=member_id, now_ms=now_ms)
    secret = None
    if not webhooks.secrets_of(connection, workspace_id, now_ms=now_ms):
        secret = webhooks.replace_secret(connection, workspace_id, now_ms=now_ms)
    return Issued(
        key=key,
        webhook_secret=secret,
        member_name=member["name"],
        role=member["role"],
        workspace_id=workspace_id,
        workspace_name=member["workspace_name"],
    )
