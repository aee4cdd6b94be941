"""What a key of another workspace, a viewer's key, and a repeated request get out of every endpoint."""

import json
from collections.abc import AsyncIterator
from functools import reduce
from typing import Any

import httpx
import pytest
from studio.guarded import Guarded, guard
from studio.pictures import picture

from flora_mcp.studio.data import open_data
from flora_mcp.studio.endpoints import ENDPOINTS
from flora_mcp.studio.store import techniques
from flora_mcp.studio.techniques import Definition

SECRET = "velvet-otter"
"""In everything that the victim has and an answer could hold."""

OPEN_TO_ALL = {"GET /actions", "GET /actions/{action_id}", "GET /models", "GET /openapi.json"}
"""What tells nothing of any workspace."""

CROP = "crop-image-browser"

PROJECT = {"name": "Mine"}
GENERATION = {"type": "image", "prompt": "a cup", "workspace_id": "{workspace_id}", "project_id": "{project_id}"}
ACTION = {
    "action_id": "concat-text-browser",
    "inputs": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
    "workspace_id": "{workspace_id}",
    "project_id": "{project_id}",
}
TECHNIQUE = {"inputs": [{"id": "what", "type": "text", "value": "x"}], "mode": "async"}
STARTED = {"technique_id": "{technique_id}", "workspace_id": "{workspace_id}", "inputs": {"what": "x"}}
SIGNED = {"source": "signed-url", "workspace_id": "{workspace_id}"}
FEEDBACK = {"kind": "bug", "summary": "s", "detail": "d", "workspace_id": "{workspace_id}"}
CHANGESET = {"add": [{"ref": "a", "type": "text", "label": "A"}]}
DEFINITION = {"definition": {"nodes": [], "edges": [], "node_inputs": {}, "node_outputs": {}}}

TEXT_TECHNIQUE = {
    "format": 1,
    "slug": SECRET,
    "name": SECRET,
    "description": SECRET,
    "inputs": [{"id": "what", "name": "What", "type": "text"}],
    "steps": [{"id": "said", "type": "text", "template": "{what}"}],
    "outputs": [{"id": "text", "name": "Text", "from": "said"}],
}

BODIES: dict[str, list[dict[str, object]]] = {
    "POST /assets": [SIGNED, {**SIGNED, "workspace_id": "{own_id}", "project_id": "{project_id}"}],
    "POST /feedback": [FEEDBACK],
    "POST /generate": [GENERATION, {**GENERATION, "workspace_id": "{own_id}"}],
    "PATCH /projects/{project_id}/canvas": [{"diagram": 'graph LR\n  a["A (text)"]'}],
    "POST /projects": [{**PROJECT, "workspace_id": "{workspace_id}"}],
    "POST /projects/{project_id}/actions": [{"action_id": "concat-text-browser"}],
    "POST /runs/action": [ACTION, {**ACTION, "workspace_id": "{own_id}"}],
    "POST /runs/generation": [GENERATION, {**GENERATION, "workspace_id": "{own_id}"}],
    "POST /runs/technique": [STARTED, {**STARTED, "workspace_id": "{own_id}"}],
    "POST /techniques/{technique_id}/runs": [TECHNIQUE],
    "POST /workspaces/{workspace_id}/folders/{folder_id}/projects": [PROJECT],
    "POST /workspaces/{workspace_id}/library/folders": [{"name": "Mine"}],
    "POST /workspaces/{workspace_id}/library/folders/{libfolder_id}/items": [{"text": "mine"}],
    "POST /workspaces/{workspace_id}/projects": [PROJECT],
    "POST /workspaces/{workspace_id}/projects/{project_id}/canvas/changeset": [CHANGESET],
    "PUT /workspaces/{workspace_id}/projects/{project_id}/canvas/definition": [DEFINITION],
    "POST /workspaces/{workspace_id}/projects/{project_id}/nodes/run": [{"node_ids": ["{node_id}"]}],
}
"""What is sent to the endpoints that take a body: good requests for the victim's things."""

QUERIES: dict[str, list[dict[str, str]]] = {
    "GET /assets": [{"workspace_id": "{workspace_id}"}, {"project_id": "{project_id}"}],
    "GET /generations": [{"workspace_id": "{workspace_id}"}, {"project_id": "{project_id}"}],
    "GET /projects": [{"workspace_id": "{workspace_id}"}],
    "GET /technique-runs": [
        {"workspace_id": "{workspace_id}"},
        {"project_id": "{project_id}"},
        {"technique_id": "{technique_id}"},
    ],
    "GET /techniques": [{"workspace_id": "{workspace_id}"}],
}
"""What the lists are asked for."""

LISTS = ("GET /assets", "GET /generations", "GET /technique-runs", "GET /techniques", "GET /workspaces")
"""What is asked for without naming anything, and answers with the caller's own."""

CLEARER = {
    "actions/{node_id}/run": "actions/{action_node_id}/run",
    "library/folders/{folder_id}": "library/folders/{libfolder_id}",
    "techniques/{technique_id}/runs/{run_id}": "techniques/{technique_id}/runs/{technique_run_id}",
}
"""What endpoints name alike, and is not."""

ATTACKED = sorted(
    reduce(lambda path, each: path.replace(*each), CLEARER.items(), endpoint) for endpoint in ENDPOINTS - OPEN_TO_ALL
)


def filled(template: object, ids: dict[str, str]) -> Any:
    """Puts ids in the place of their names in braces."""
    if isinstance(template, dict):
        return {key: filled(value, ids) for key, value in template.items()}
    if isinstance(template, list):
        return [filled(value, ids) for value in template]
    assert isinstance(template, str)
    for name, value in ids.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def requests_of(endpoint: str, ids: dict[str, str]) -> list[dict[str, Any]]:
    """Every request to an endpoint that names what `ids` says."""
    method, path = endpoint.split(" ")
    address = {"method": method, "url": filled(path, ids).removeprefix("/")}
    assert "{" not in address["url"], f"say in `victim` what {endpoint} names"
    if endpoint in BODIES:
        return [{**address, "json": filled(body, ids)} for body in BODIES[endpoint]]
    if endpoint in QUERIES:
        return [{**address, "params": filled(query, ids)} for query in QUERIES[endpoint]]
    return [address]


@pytest.fixture
async def guarded(open_api: Any) -> AsyncIterator[Guarded]:
    async with open_api(works=False) as api, guard(api) as opened:
        yield opened


async def made(api: Any, path: str, body: object) -> Any:
    answer = await api.post(path, body)
    assert answer.is_success, answer.text
    return answer.json()


async def victim(guarded: Guarded) -> dict[str, str]:
    """Fills the first workspace, and returns the ids of what is in it."""
    api = guarded.api
    workspace_id = api.workspace_id
    project = await made(api, "projects", {"name": SECRET, "workspace_id": workspace_id})
    ids = {"workspace_id": workspace_id, "project_id": project["project_id"]}
    upload = {"file": ("a.png", picture())}
    asset = await api.http.post("assets", files=upload, data={**ids, "file_name": SECRET})
    ids["asset_id"] = asset.json()["asset_id"]
    ids["run_id"] = await api.start(prompt=SECRET, project_id=project["project_id"])
    ids["folder_id"] = await api.studio.create_folder(SECRET, workspace_id=workspace_id)
    library = await made(api, f"workspaces/{workspace_id}/library/folders", {"name": SECRET})
    ids["libfolder_id"] = library["folder_id"]
    ids["node_id"] = (await api.get(f"projects/{ids['project_id']}/nodes"))["nodes"][0]["node_id"]
    placed = await made(api, f"projects/{ids['project_id']}/actions", {"action_id": CROP})
    ids["action_node_id"] = placed["node_id"]
    edges = {"connect": [{"from": ids["node_id"], "to": ids["action_node_id"]}]}
    await made(api, f"workspaces/{workspace_id}/projects/{ids['project_id']}/canvas/changeset", edges)
    ids["technique_id"] = f"tech_{SECRET}"
    definition = Definition.model_validate_json(json.dumps(TEXT_TECHNIQUE))
    with open_data(directory=api.directory) as database, database.writing() as connection:
        techniques.put(
            connection, definition, technique_id=ids["technique_id"], workspace_id=workspace_id, now_ms=api.clock.now_ms
        )
    started = await made(api, "runs/technique", filled(STARTED, ids))
    return ids | {"technique_run_id": started["run_id"]}


def missing(ids: dict[str, str]) -> dict[str, str]:
    """Ids of the same form that nothing has."""
    return {name: f"{value[:-1]}{'x' if value[-1] != 'x' else 'y'}" for name, value in ids.items()}


def worded(answer: httpx.Response, ids: dict[str, str]) -> tuple[int, str]:
    """An answer without the ids that were sent."""
    text = answer.text
    for value in sorted(ids.values(), key=len, reverse=True):
        text = text.replace(value, "…")
    return answer.status_code, text


def test_every_endpoint_is_attacked() -> None:
    named = {*BODIES, *QUERIES, *LISTS}
    assert [each for each in ATTACKED if "{" not in each and each not in named] == []


async def test_what_is_anothers_is_told_from_what_is_missing_by_nothing(guarded: Guarded) -> None:
    ids = await victim(guarded)
    own_id = await guarded.studio.create_workspace("Own")
    http = await guarded.client(await guarded.key(workspace_id=own_id, role="admin"))
    told = {}
    for endpoint in sorted(set(ATTACKED) - (set(LISTS) - set(QUERIES))):
        named, absent = ids | {"own_id": own_id}, missing(ids) | {"own_id": own_id}
        for real, unreal in zip(requests_of(endpoint, named), requests_of(endpoint, absent), strict=True):
            found = worded(await http.request(**real), named)
            if found[0] != 404 or found != worded(await http.request(**unreal), absent) or SECRET in found[1]:
                told[f"{endpoint} {json.dumps(real.get('json') or real.get('params'))}"] = found
    assert told == {}


async def test_lists_show_the_callers_own_only(guarded: Guarded) -> None:
    ids = await victim(guarded)
    own_id = await guarded.studio.create_workspace("Own")
    http = await guarded.client(await guarded.key(workspace_id=own_id))
    for endpoint in LISTS:
        answer = await http.get(endpoint.removeprefix("GET /"), params={"limit": 100})
        assert answer.status_code == 200
        assert [name for name, value in ids.items() if f'"{value}"' in answer.text] == []
        assert SECRET not in answer.text


async def test_a_viewer_changes_nothing_anywhere(guarded: Guarded) -> None:
    ids = await victim(guarded)
    http = await guarded.client(await guarded.key(role="viewer"))
    for endpoint in (each for each in ATTACKED if not each.startswith("GET ")):
        for request in requests_of(endpoint, ids | {"own_id": ids["workspace_id"]}):
            answer = await http.request(**request)
            assert (endpoint, answer.status_code, answer.json()["error"]["code"]) == (endpoint, 403, "forbidden")


async def test_the_requests_of_the_attacks_are_good_ones(guarded: Guarded) -> None:
    """Or else what refuses an attack could be their form."""
    ids = await victim(guarded)
    http = await guarded.client(await guarded.key())
    bad = {}
    # What ends or takes up something comes last; a ready asset and a finished upload refuse both, in the same words.
    for endpoint in sorted(ATTACKED, key=lambda each: each.startswith("DELETE")):
        for request in requests_of(endpoint, ids | {"own_id": ids["workspace_id"]}):
            answer = await http.request(**request)
            if not answer.is_success and answer.status_code != 409:
                bad[endpoint] = answer.text
    assert bad == {}


async def test_every_change_that_was_made_is_made_once_for_a_key(guarded: Guarded) -> None:
    ids = await victim(guarded)
    http = await guarded.client(await guarded.key())
    repeated = {}
    changing = [each for each in ATTACKED if not each.startswith("GET ")]
    for endpoint in sorted(changing, key=lambda each: each.startswith("DELETE")):
        for number, request in enumerate(requests_of(endpoint, ids | {"own_id": ids["workspace_id"]})):
            headers = {"idempotency-key": f"{endpoint} {number}"}
            if (await http.request(**request, headers=headers)).is_success:
                answer = await http.request(**request, headers=headers)
                repeated[endpoint] = answer.status_code, answer.json().get("error", {}).get("code")
    assert repeated == dict.fromkeys(repeated, (409, "idempotency_duplicate"))
    # What is uploaded and ready neither completes nor is tried again.
    assert sorted(set(changing) - set(repeated)) == [
        "POST /assets/{asset_id}/complete",
        "POST /assets/{asset_id}/retry",
    ]
