"""One endpoint as the document describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

CREATED = 201

PAGE: Mapping[str, dict[str, Any]] = {
    "cursor": {"type": "string", "description": "The `meta.next_cursor` of the page before."},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
}
"""The query of a list that comes in pages."""

STATUS = {"type": "string", "enum": ["pending", "running", "completed", "failed"]}
"""The query of a list of runs."""

IDS: Mapping[str, dict[str, Any]] = {
    "workspace_id": {"type": "string", "pattern": "^ws_[!-~]+$", "maxLength": 100},
    "project_id": {"type": "string", "pattern": "^prj_[!-~]+$", "maxLength": 100},
    "folder_id": {"type": "string", "pattern": "^fld_[!-~]+$", "maxLength": 100},
    "library_folder_id": {"type": "string", "pattern": "^libfolder_[!-~]+$", "maxLength": 100},
    "run_id": {"type": "string", "pattern": "^run_[!-~]+$", "maxLength": 100},
    "asset_id": {"type": "string", "pattern": "^asset_[!-~]+$", "maxLength": 100},
    "node_id": {"type": "string", "minLength": 1, "maxLength": 100},
    "action_id": {"type": "string", "minLength": 1, "maxLength": 200},
    "technique_id": {"type": "string", "pattern": r"^\S+$", "maxLength": 200},
}
"""The ids that stand in paths and queries."""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What an endpoint takes and what it answers.

    Attributes:
        endpoint: As in `ENDPOINTS`.
        name: The method of FLORA's SDK that asks it, such as `projects.listNodes`.
        summary: One line on what it does.
        answer: The shape of a success.
        body: The form of the request's body; None when there is none.
        form: The fields of the other way to send the body, a multipart form with a file.
        query: The schemas of the query's values.
        required: The names of those values that must be there.
        ids: What the names in the path stand for in `IDS`, where they are called otherwise there.
        status: Of a success.
        replays: Whether a repetition is answered with what there was, with 200.
        refusals: The statuses of refusals beside those that every endpoint knows.
        keyed: Whether it takes an `Idempotency-Key`.
    """

    endpoint: str
    name: str
    summary: str
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    form: type[BaseModel] | None = None
    query: Mapping[str, dict[str, Any]] | None = None
    required: frozenset[str] = frozenset()
    ids: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    replays: bool = False
    refusals: tuple[int, ...] = ()
    keyed: bool = False

    @property
    def verb(self) -> str:
        return self.endpoint.partition(" ")[0].lower()

    @property
    def path(self) -> str:
        return self.endpoint.partition(" ")[2]
