"""The documentation over a large catalogue."""

from collections.abc import AsyncIterator

import pytest
from docs_search.catalogue import CatalogueFlora

from flora_mcp.docs_search import Docs
from flora_mcp.executions import callable_methods
from flora_mcp.flora import METHODS, Flora

BASE_URL = "http://flora.localhost/api/v1"


@pytest.fixture(scope="module")
async def docs() -> AsyncIterator[Docs]:
    async with (
        Flora(api_key=None, base_url=BASE_URL, app=CatalogueFlora().app) as flora,
        Docs(flora=flora, methods=callable_methods(METHODS)) as docs,
    ):
        yield docs
