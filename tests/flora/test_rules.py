"""Which methods may be called: by path, in either spelling, by whatever way the call comes."""

from typing import Any

import httpx
import pytest
from flora.network import GENERATION, START, Network, client
from flora.shop import Shop, customer

from flora_mcp.flora import METHODS, Rules, RulesError
from flora_mcp.flora.errors import MethodForbiddenError, UnknownMethodError

EXAMPLES: dict[str, dict[str, Any]] = {
    "generations.create": GENERATION,
    "runs.start_generation": GENERATION,
    "workspaces.projects.create": {"workspace_id": "ws_1", "name": "x"},
    "projects.create": {"workspace_id": "ws_1", "name": "x"},
}


def forbidden(rules: Rules) -> set[str]:
    return {entry.path for entry in METHODS if not rules.permits(entry)}


def test_without_rules_everything_may_be_called() -> None:
    assert forbidden(Rules()) == forbidden(Rules.of()) == set()


@pytest.mark.parametrize(
    "pattern",
    ["workspaces.projects.run_nodes", "workspaces.projects.runNodes", " client.workspaces.projects.run_nodes "],
)
def test_a_method_is_blocked_under_any_of_its_spellings(pattern: str) -> None:
    assert forbidden(Rules.of(block=[pattern])) == {"workspaces.projects.run_nodes"}


def test_a_group_is_blocked_by_a_wildcard() -> None:
    found = forbidden(Rules.of(block=["workspaces.*"]))
    assert {path for path in found if path.startswith("workspaces.")} == found - {"projects.create"}
    assert {entry.path for entry in METHODS if entry.path.startswith("workspaces.")} <= found


@pytest.mark.parametrize(
    ("blocked", "twin"),
    [
        ("generations.create", "runs.start_generation"),
        ("runs.startGeneration", "generations.create"),
        ("techniques.runs.create", "runs.start_technique"),
        ("projects.create", "workspaces.projects.create"),
    ],
)
def test_what_does_the_same_under_another_name_is_blocked_with_it(blocked: str, twin: str) -> None:
    assert twin in forbidden(Rules.of(block=[blocked]))


def test_every_twin_is_a_method() -> None:
    paths = {entry.path for entry in METHODS}
    assert {entry.twin for entry in METHODS if entry.twin} <= paths


def test_what_is_not_allowed_is_forbidden_and_a_block_goes_first() -> None:
    rules = Rules.of(allow=["generations.*", "workspaces.list"], block=["generations.create"])
    allowed = {entry.path for entry in METHODS if rules.permits(entry)}
    assert allowed == {"workspaces.list", "generations.retrieve", "generations.list", "generations.wait"}


def test_read_only_forbids_all_that_changes_or_costs() -> None:
    rules = Rules.of(read_only=True, allow=["generations.*"])
    permitted = [entry for entry in METHODS if rules.permits(entry)]
    assert [entry.path for entry in permitted] == ["generations.retrieve", "generations.list", "generations.wait"]
    everything = [entry for entry in METHODS if Rules.of(read_only=True).permits(entry)]
    assert {entry.http.partition(" ")[0] for entry in everything} == {"GET", ""}
    assert {entry.path for entry in METHODS if entry.writes} == forbidden(Rules.of(read_only=True))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("generation.create", "Did you mean generations.create"),
        ("worspaces.*", "no method is called so"),
        ("", "names ''"),
    ],
)
def test_a_name_that_no_method_has_is_refused_with_the_nearest(pattern: str, said: str) -> None:
    for variable, rules in (
        ("FLORA_ALLOW_METHODS", {"allow": [pattern]}),
        ("FLORA_BLOCK_METHODS", {"block": [pattern]}),
    ):
        with pytest.raises(RulesError) as caught:
            Rules.of(**rules)
        assert variable in str(caught.value)
        assert said in str(caught.value)


@pytest.mark.parametrize(
    ("rules", "setting"),
    [
        (Rules.of(block=["generations.create", "projects.create"]), "FLORA_BLOCK_METHODS"),
        (Rules.of(allow=["workspaces.list"]), "FLORA_ALLOW_METHODS"),
        (Rules.of(read_only=True), "FLORA_READ_ONLY"),
    ],
)
@pytest.mark.parametrize("path", EXAMPLES)
async def test_a_forbidden_method_sends_nothing_by_any_way(rules: Rules, setting: str, path: str) -> None:
    network = Network()
    camel = next(entry.camel_path for entry in METHODS if entry.path == path)
    async with client(network, rules=rules) as flora:
        typed = flora
        for name in path.split("."):
            typed = getattr(typed, name)
        assert callable(typed)
        with pytest.raises(MethodForbiddenError) as caught:
            await typed(**EXAMPLES[path])
        for spelled in (path, camel, f"client.{path}", f"client.{camel}"):
            with pytest.raises(MethodForbiddenError):
                await flora.call(spelled, EXAMPLES[path])
    assert caught.value.attributes() == {"method": path, "setting": setting}
    assert setting in str(caught.value)
    assert network.requests == []


@pytest.mark.parametrize(
    "path", ["own.generations.create", "generations.Create", "generations._ask", "call", "generations"]
)
async def test_no_other_name_leads_to_a_method(path: str) -> None:
    async with client(Network(), rules=Rules.of(block=["generations.create"])) as flora:
        with pytest.raises(UnknownMethodError):
            await flora.call(path, GENERATION)


async def test_lists_and_waits_obey_rules_of_their_own_names() -> None:
    shop = Shop()
    shop.start()
    shop.end("run_1")
    async with customer(shop, rules=Rules.of(allow=["generations.wait"])) as flora:
        assert (await flora.generations.wait("run_1")).status == "completed"
        with pytest.raises(MethodForbiddenError):
            await flora.generations.retrieve("run_1")
        with pytest.raises(MethodForbiddenError):
            await flora.generations.list()
        with pytest.raises(MethodForbiddenError):
            [each async for each in flora.models.list()]
    async with customer(shop, rules=Rules.of(block=["generations.wait"])) as flora:
        with pytest.raises(MethodForbiddenError):
            await flora.generations.wait("run_1")


async def test_uploads_obey_rules() -> None:
    network = Network()
    async with client(network, rules=Rules.of(read_only=True)) as flora:
        with pytest.raises(MethodForbiddenError):
            await flora.assets.upload(b"x", workspace_id="ws_1", file_name="x.png")
        with pytest.raises(MethodForbiddenError):
            await flora.assets.create_direct(b"x", workspace_id="ws_1", file_name="x.png")
    assert network.requests == []


async def test_the_servers_own_reads_go_on_and_nothing_else_does() -> None:
    network = Network(httpx.Response(200, json={"workspaces": []}))
    async with client(network, rules=Rules.of(allow=["generations.create"])) as flora:
        assert (await flora.own.workspaces.list()).items == []
        with pytest.raises(MethodForbiddenError):
            await flora.own.generations.create(**GENERATION)
        with pytest.raises(MethodForbiddenError):
            await flora.own.projects.create(name="x", workspace_id="ws_1")
    assert len(network.requests) == 1


async def test_what_is_allowed_is_sent() -> None:
    async with client(Network(httpx.Response(201, json=START)), rules=Rules.of(allow=["generations.create"])) as flora:
        assert (await flora.generations.create(**GENERATION)).run_id == "run_1"
