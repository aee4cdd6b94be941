"""Lists, reads and completes the resources of all families."""

import difflib
from collections.abc import Mapping, Sequence

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    Completion,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ReadResourceResult,
    Resource,
)

from flora_mcp.flora.errors import ArgumentError, FloraError, MethodForbiddenError, NotFoundError
from flora_mcp.outputs import OutputError
from flora_mcp.outputs.errors import CursorError as OutputsCursorError
from flora_mcp.resources.completion import proposed
from flora_mcp.resources.cursors import read_cursor, write_cursor
from flora_mcp.resources.errors import CursorError, ResourceError
from flora_mcp.resources.family import Family, Given

PAGE = 50
"""Resources on one page."""

_ABSENT = (ResourceError, OutputError, ArgumentError, MethodForbiddenError, NotFoundError)


class Resources:
    """The resources of one tenant.

    Args:
        families: In the order in which they are listed. An address belongs to the first whose form it has.
    """

    def __init__(self, families: Sequence[Family]) -> None:
        self._families = {family.template.name: family for family in families}
        self._listed = [name for name, family in self._families.items() if family.list is not None]

    async def list(self, cursor: str | None) -> ListResourcesResult:
        """Returns a page, and the cursor of the page that follows.

        Raises:
            MCPError: the cursor is not from this list.
        """
        try:
            return await self._page(cursor)
        except (CursorError, OutputsCursorError) as exc:
            raise MCPError(INVALID_PARAMS, str(CursorError(cursor=cursor or ""))) from exc
        except (OutputError, FloraError) as exc:
            raise MCPError(INTERNAL_ERROR, str(exc)) from exc

    async def templates(self) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=[each.template for each in self._families.values()])

    async def read(self, uri: str) -> ReadResourceResult:
        """Returns what an address holds.

        Raises:
            MCPError: nothing has that address, or it cannot be read now.
        """
        family, given = self._find(uri)
        try:
            reading = await family.read(uri, given)
        except _ABSENT as exc:
            raise MCPError(INVALID_PARAMS, str(exc), data={"uri": uri}) from exc
        except FloraError as exc:
            raise MCPError(INTERNAL_ERROR, str(exc), data={"uri": uri}) from exc
        return ReadResourceResult(contents=[reading.contents], ttl_ms=reading.fresh_ms)

    async def watch(self, uri: str) -> None:
        """Sees to it that changes of a resource are announced.

        Raises:
            MCPError: no resource can have that address.
        """
        family, given = self._find(uri)
        if family.watch is not None:
            await family.watch(given)

    async def complete(self, uri: str, argument: str, value: str, given: Mapping[str, str]) -> Completion:
        """Proposes values of an argument of a template.

        Raises:
            MCPError: there is no such template, or it has no such argument.
        """
        forms = [each.template.uri_template for each in self._families.values()]
        family = next((each for each in self._families.values() if each.template.uri_template == uri), None)
        if family is None:
            near = difflib.get_close_matches(uri, forms, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise MCPError(INVALID_PARAMS, f"No template {uri!r}.{hint} The templates are {', '.join(forms)}.")
        if argument not in family.form.variable_names:
            names = ", ".join(family.form.variable_names)
            raise MCPError(INVALID_PARAMS, f"{uri} has no argument {argument!r}. It has {names}.")
        return await proposed(family.choices.get(argument), value, given)

    def _find(self, uri: str) -> tuple[Family, Given]:
        for family in self._families.values():
            given = family.match(uri)
            if given is not None:
                return family, given
        forms = ", ".join(each.template.uri_template for each in self._families.values())
        raise MCPError(
            INVALID_PARAMS,
            f"No resource {uri[:200]!r}. Addresses have the forms {forms}; resources/list names the newest.",
            data={"uri": uri},
        )

    async def _page(self, cursor: str | None) -> ListResourcesResult:
        name, place = read_cursor(cursor) if cursor is not None else (next(iter(self._listed), ""), None)
        if cursor is not None and name not in self._listed:
            raise CursorError(cursor=cursor)
        found: list[Resource] = []
        names = self._listed[self._listed.index(name) :] if name else []
        for name in names:
            family = self._families[name]
            assert family.list is not None
            if len(found) == PAGE:
                return ListResourcesResult(resources=found, next_cursor=write_cursor(name, None))
            listed = await family.list(place, PAGE - len(found))
            found.extend(listed.resources)
            if listed.following is not None:
                return ListResourcesResult(resources=found, next_cursor=write_cursor(name, listed.following))
            place = None
        return ListResourcesResult(resources=found)
