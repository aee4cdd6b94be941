"""What is wrong with a change of a canvas: every cause at once, each with a code."""

from collections.abc import Mapping

from flora_mcp.studio import errors
from flora_mcp.studio.errors import Field

CODES: Mapping[str, str] = {
    "required": "something that must be there is not",
    "unknown_key": "the operation has no such key",
    "invalid_value": "the value is of the wrong type, or too long",
    "invalid_syntax": "a line of the diagram cannot be read",
    "too_many": "more operations, nodes or edges than are taken",
    "unsupported_field": "a node of this type has no such thing",
    "exclusive_fields": "two fields that exclude each other",
    "duplicate_ref": "two additions have the same ref",
    "ref_collides": "the ref is the id of a node that exists",
    "duplicate_id": "two nodes or two edges of a definition have the same id",
    "duplicate_update": "two updates of the same node",
    "unknown_node": "no node of the canvas, and none that is added, has this id",
    "not_a_group": "the node is not a group",
    "group_cycle": "a group is inside itself",
    "unknown_type": "there is no such type of node",
    "unknown_model": "the studio has no such model for this type of node",
    "no_model": "parameters without a model that could read them",
    "unknown_param": "the model or action has no such parameter",
    "invalid_param": "the model or action does not take this value",
    "content_unreachable": "the media could not be fetched, or may not be",
    "content_unusable": "what was fetched is not the media that the node shows",
    "not_connectable": "no edge may begin or end at such a node",
    "self_edge": "an edge from a node to itself",
    "unknown_slot": "the target has no such input",
    "slot_mismatch": "the input takes another medium than the source gives",
    "slot_full": "the input takes no further edge",
    "cycle": "the edges would lead back to where they began, so that nothing could run first",
    "unknown_edge": "there is no such edge to cut",
}
"""The code that each message in `error.fields` begins with (choice: FLORA says that there are codes, not which)."""


class Faults:
    """Collects causes."""

    def __init__(self) -> None:
        self.fields: list[Field] = []

    def add(self, field: str, code: str, text: str) -> None:
        """Notes that `field` is at fault."""
        assert code in CODES
        self.fields.append(Field(field=field, message=f"{code}: {text}"))

    def check(self) -> None:
        """Passes when nothing was noted.

        Raises:
            ApiError: 400, with all that was.
        """
        if self.fields:
            raise errors.invalid_fields(self.fields)
