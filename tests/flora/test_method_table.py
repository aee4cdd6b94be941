"""The method table: what callers, documentation and error messages know of each method."""

import json
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Literal

import pytest

from flora_mcp.flora import METHODS, Flora, MethodEntry, types
from flora_mcp.flora.resources import Resource
from flora_mcp.flora.signatures import python_type, typescript_type

GOLDEN = Path(__file__).with_name("method_table.json")


def described(entry: MethodEntry) -> dict[str, object]:
    return {
        "path": entry.path,
        "camel_path": entry.camel_path,
        "signature": entry.signature,
        "js_signature": entry.js_signature,
        "example": entry.example,
        "js_example": entry.js_example,
        "host_only": entry.host_only,
        "http": entry.http,
        "returns": entry.returns,
        "paged": entry.paged,
        "paid": entry.paid,
        "writes": entry.writes,
        "twin": entry.twin,
        "deprecated": entry.deprecated,
        "source": entry.source,
        "summary": entry.summary,
        "required": [p.name for p in entry.parameters if p.required],
        "positional": [p.name for p in entry.parameters if p.positional],
    }


def test_the_table_is_as_agreed() -> None:
    assert [described(entry) for entry in METHODS] == json.loads(GOLDEN.read_text(encoding="utf-8"))


@pytest.mark.parametrize("entry", METHODS, ids=lambda entry: entry.path)
def test_a_method_is_documented_to_the_last_argument(entry: MethodEntry) -> None:
    assert [p.name for p in entry.parameters if not p.doc] == []
    assert entry.summary.endswith(".")
    assert entry.source == "choice" or entry.source.startswith(("sdk:resources/", "sdk:lib/", "docs:"))
    for section in ("Returns:", "Raises:"):
        assert section in entry.doc or (section == "Raises:" and not entry.parameters)
    assert entry.returns == "None" or hasattr(types, entry.returns)


@pytest.mark.parametrize(
    ("hint", "python", "typescript"),
    [
        (list[str], "list[str]", "string[]"),
        (list[types.Output] | None, "list[Output] | None", "Output[]"),
        (list[types.JSON], "list[JSON]", "unknown[]"),
        (list[Literal["a", "b"]], 'list[Literal["a", "b"]]', '("a" | "b")[]'),
        (bytes | Path | str, "bytes | Path | str", "Uint8Array | string"),
        (types.Connection, "{from: str, to: str, in?: str}", "{ from: string, to: string, in?: string }"),
        (dict[str, types.Place], "dict[str, {x: float, y: float}]", "Record<string, { x: number, y: number }>"),
        (dict[str, types.JSON], "dict", "Record<string, unknown>"),
        (Literal["a", "b"] | None, 'Literal["a", "b"] | None', '"a" | "b"'),
        (Annotated[int, "bounds"], "int", "number"),
        (types.JSON, "JSON", "unknown"),
    ],
)
def test_a_type_is_written_in_both_languages(hint: object, python: str, typescript: str) -> None:
    assert (python_type(hint), typescript_type(hint)) == (python, typescript)


def test_an_entry_knows_its_arguments() -> None:
    [entry] = [entry for entry in METHODS if entry.path == "generations.wait"]
    assert [(p.name, p.annotation, p.js_annotation, p.required, p.default) for p in entry.parameters] == [
        ("run_id", "str", "string", True, None),
        ("timeout_seconds", "float", "number", False, 300.0),
        ("interval_seconds", "float | None", "number", False, None),
    ]
    assert entry.parameters[1].doc == "How long to wait, 0 (look once) to 3600."


def test_a_client_carries_the_table_and_a_resource_for_each_entry() -> None:
    flora = Flora(api_key=None)
    assert flora.methods is METHODS
    for entry in METHODS:
        assert callable(attrgetter(entry.path)(flora))


def test_every_public_method_of_a_resource_is_in_the_table() -> None:
    def public(group: Resource, prefix: str) -> Iterator[str]:
        for name in dir(group):
            if name.startswith("_"):
                continue
            member = getattr(group, name)
            if isinstance(member, Resource):
                yield from public(member, f"{prefix}{name}.")
            else:
                yield prefix + name

    flora = Flora(api_key=None)
    groups = {name: group for name, group in vars(flora).items() if isinstance(group, Resource)}
    found = {path for name, group in groups.items() for path in public(group, f"{name}.")}
    assert found == {entry.path for entry in METHODS}
