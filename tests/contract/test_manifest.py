"""The manifest, the tests and the official SDK name the same things."""

from collections import Counter

from contract.promises import SOURCES, claims, read_manifest
from contract.typescript_side import METHODS, TypeScriptSide, camel

from flora_mcp.flora import METHODS as OURS

PROMISES = read_manifest()

TESTS = dict(claims())

NO_ARGUMENTS = frozenset({"workspaces.list", "actions.list"})
"""Methods that nothing but a key can be wrong of; keys have a topic of their own."""

HELPER = "assets.upload"
"""The one method of the SDK that is several requests."""


def test_every_promise_is_held_by_a_test() -> None:
    held = {name for names in TESTS.values() for name in names}
    assert sorted({promise.id for promise in PROMISES} - held) == []


def test_every_test_holds_promises_of_the_manifest() -> None:
    known = {promise.id for promise in PROMISES}
    assert {test: names for test, names in TESTS.items() if not names or not known.issuperset(names)} == {}


def test_each_promise_is_a_line_with_a_source() -> None:
    wrong = [each.id for each in PROMISES if not each.says.endswith(".") or "\n" in each.says]
    assert wrong == []
    assert [each.id for each in PROMISES if not each.source.startswith(SOURCES)] == []


def test_no_promise_is_made_twice() -> None:
    assert [says for says, number in Counter(promise.says for promise in PROMISES).items() if number > 1] == []


def test_every_method_is_promised_with_a_success_and_a_failure() -> None:
    expected = METHODS.keys()
    succeeds = {promise.topic for promise in PROMISES if promise.refusal is None}
    fails = {promise.topic for promise in PROMISES if promise.refusal is not None}
    assert sorted(expected - succeeds) == []
    assert sorted(expected - fails - NO_ARGUMENTS) == []


def test_our_client_has_the_methods_of_the_official_one() -> None:
    ours = {method.path: method.http for method in OURS}
    assert {path: ours.get(path) for path in METHODS} == {path: method["http"] for path, method in METHODS.items()}


async def test_the_official_client_has_the_methods_that_are_written_down(typescript_side: TypeScriptSide) -> None:
    named = {camel(path) for path in METHODS} | {HELPER}
    assert set(await typescript_side.bridge.ask("methods", key=typescript_side.key)) == named
