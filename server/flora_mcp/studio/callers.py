"""Who sends a request, and what they may do."""

from dataclasses import dataclass
from typing import Literal, get_args

from starlette.requests import Request

from flora_mcp.studio import errors
from flora_mcp.studio.errors import ApiError

Role = Literal["viewer", "member", "admin"]
"""Who may read, who may also write and spend, who may also manage (choice: FLORA publishes no list)."""

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """A key and the workspaces it opens; on a studio that is open to this machine, everybody is one.

    What is another's is answered as what is missing is: every 404 is worded in one way for a caller who is in one
    workspace, see `errors.not_found`.

    Attributes:
        workspace_id: The one workspace that the caller is in; None for all of them.
        role: What the caller is there.
    """

    workspace_id: str | None = None
    role: Role = "admin"

    def reads(self, workspace_id: str) -> bool:
        """Returns whether the caller may see a workspace."""
        return self.workspace_id in (None, workspace_id)

    def check_reads(self, workspace_id: str) -> None:
        """Lets in who may see a workspace, for where no query says it better.

        Raises:
            ApiError: 404: what is another's is not told from what is missing (docs:errors).
        """
        if not self.reads(workspace_id):
            raise errors.not_found("Not found.")

    def check_writes(self, workspace_id: str) -> None:
        """Lets in who may change things in a workspace, and spend its credits.

        Raises:
            ApiError: 404 as `check_reads`; 403 when the role does not allow it.
        """
        self.check_reads(workspace_id)
        self.check_role()

    def check_role(self) -> None:
        """Lets in who may change things anywhere.

        Raises:
            ApiError: 403, the caller only reads.
        """
        if self.role == "viewer":
            raise ApiError("Forbidden: a viewer reads only; use the key of a member.", status=403, code="forbidden")


EVERYBODY = Caller()
"""Who calls a studio that asks for no key, and who the studio itself is."""


def caller_of(request: Request) -> Caller:
    """Returns who sends a request; the gate has looked."""
    caller: Caller = request.scope.get("caller", EVERYBODY)
    return caller
